package io.squisher.onnx.fisher.labels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelArrayTest {
    private static final Likelihood CATEGORICAL = new Likelihood.Categorical(-1);
    private static final Likelihood TOKENS = new Likelihood.CategoricalTokens(-100);
    private static final Likelihood BERNOULLI = new Likelihood.Bernoulli();
    private static final Likelihood GAUSSIAN = new Likelihood.Gaussian(1);
    private static final Shape THREE = Shape.of(3);

    private static LabelArray checked(Tensor labels, Likelihood likelihood, Shape output) {
        LabelArray array = LabelArray.of(Examples.of("d.npz", Map.of("y", labels)), "y", likelihood, output);
        array.check(likelihood, output);
        return array;
    }

    private static String refusal(Tensor labels, Likelihood likelihood, Shape output) {
        return assertThrows(SquisherException.class, () -> checked(labels, likelihood, output))
                .getMessage();
    }

    private static Likelihood likelihood(String name) {
        return switch (name) {
            case "categorical" -> CATEGORICAL;
            case "bernoulli" -> BERNOULLI;
            default -> GAUSSIAN;
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "categorical | 2.5      | for targets of a regression use --likelihood gaussian",
                "categorical | -0.7     | for targets of a regression use --likelihood gaussian",
                "categorical | NaN      | leave such examples out",
                "categorical | Infinity | takes whole numbers from 0 to 2",
                "categorical | 7        | takes whole numbers from 0 to 2",
                "categorical | -1       | --ignore-index",
                "bernoulli   | 1.5      | takes 0 (no), 1 (yes)",
                "bernoulli   | -0.5     | takes 0 (no), 1 (yes)",
                "bernoulli   | NaN      | takes 0 (no), 1 (yes)",
                "gaussian    | NaN      | takes finite numbers",
                "gaussian    | -Infinity| takes finite numbers",
            })
    void aLabelThatIsNoneIsRefusedWithFileRowAndValue(String name, float label, String explanation) {
        boolean classes = name.equals("categorical");
        Tensor labels = Tensor.of(Shape.of(4), 1f, 0f, label, 1f);
        String message = refusal(labels, likelihood(name), classes ? THREE : Shape.of());
        String value = LabelArray.number(label);
        assertTrue(message.startsWith("the labels 'y' of 'd.npz': row 2 holds " + value + ", "), message);
        assertTrue(message.contains(explanation), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"F32", "F64", "I64", "I32", "U8"})
    void wholeNumbersOfAnyTypeAreClasses(ElementType type) {
        Tensor labels = type == ElementType.F64
                ? Tensor.of(Shape.of(3), 0.0, 2.0, 1.0)
                : type == ElementType.F32 ? Tensor.of(Shape.of(3), 0f, 2f, 1f) : integers(type, 0, 2, 1);
        Tensor batch = checked(labels, CATEGORICAL, THREE).batch(0, 3, ElementType.I64);
        assertArrayEquals(new long[] {0, 2, 1}, batch.toLongs());
    }

    private static Tensor integers(ElementType type, long... values) {
        java.nio.ByteBuffer bytes =
                java.nio.ByteBuffer.allocate(values.length * type.bytes()).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.length; i++) {
            type.putLong(bytes, i * type.bytes(), values[i]);
        }
        return Tensor.of(type, Shape.of(values.length), bytes);
    }

    @Test
    void axesOfOneElementMakeNoDifference() {
        Tensor column = Tensor.of(Shape.of(3, 1), 0L, 2L, 1L);
        assertEquals(
                Shape.of(3),
                checked(column, CATEGORICAL, THREE).batch(0, 3, ElementType.I64).shape());
        Tensor flat = Tensor.of(Shape.of(3), 0.5f, 2f, -1f);
        assertEquals(
                Shape.of(2, 1),
                checked(flat, GAUSSIAN, Shape.of(1))
                        .batch(1, 2, ElementType.F32)
                        .shape());
    }

    @Test
    void oneHotLabelsAreExplained() {
        String message = refusal(Tensor.of(Shape.of(2, 3), 0f, 1f, 0f, 1f, 0f, 0f), CATEGORICAL, THREE);
        assertTrue(message.contains("one-hot"), message);
        assertTrue(message.contains("y.argmax(axis=1)"), message);
    }

    @Test
    void aNumberForEachClassIsExplained() {
        String message = refusal(Tensor.of(Shape.of(2, 3), 0.2f, 0.7f, 0.1f, 1f, 0f, 0f), CATEGORICAL, THREE);
        assertTrue(message.contains("a number for each class"), message);
        assertTrue(message.contains("argmax"), message);
    }

    @Test
    void classesForSeveralYesNoOutputsAreExplained() {
        String message = refusal(Tensor.of(Shape.of(2), 0L, 1L), BERNOULLI, THREE);
        assertTrue(message.contains("one label for 3 outputs"), message);
        assertTrue(message.contains("--likelihood categorical"), message);
    }

    @Test
    void labelsThatCountFromOneAreExplained() {
        String message = refusal(Tensor.of(Shape.of(3), 1L, 3L, 2L), CATEGORICAL, THREE);
        assertTrue(message.contains("row 1 holds 3"), message);
        assertTrue(message.contains("count from 1"), message);
    }

    @Test
    void minusOneForNoIsExplained() {
        String message = refusal(Tensor.of(Shape.of(3), 1L, -1L, 1L), BERNOULLI, Shape.of());
        assertTrue(message.contains("where -1 says no, make it 0"), message);
    }

    @Test
    void tokensThatDoNotCountAreTaken() {
        Shape output = Shape.of(2, 3);
        checked(Tensor.of(Shape.of(1, 2), -100L, 2L), TOKENS, output);
        String message = refusal(Tensor.of(Shape.of(1, 2), -1L, 2L), TOKENS, output);
        assertTrue(message.contains("-100 where none counts (--ignore-index)"), message);
    }

    @Test
    void anotherAxisOfClassesIsLookedAt() {
        Likelihood first = new Likelihood.Categorical(1);
        checked(Tensor.of(Shape.of(1, 4), 0L, 1L, 0L, 1L), first, Shape.of(2, 4));
        assertTrue(refusal(Tensor.of(Shape.of(1, 4), 0L, 1L, 2L, 1L), first, Shape.of(2, 4))
                .contains("row 0 holds 2"));
    }

    @Test
    void allExamplesAreLookedAt() {
        long[] labels = new long[200_000];
        labels[199_999] = 3;
        String message = refusal(Tensor.of(Shape.of(labels.length), labels), CATEGORICAL, THREE);
        assertTrue(message.contains("row 199999 holds 3"), message);
    }
}
