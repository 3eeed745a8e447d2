package io.squisher.fisher;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.proto.Accumulator;
import io.squisher.proto.Provenance;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.weights.Role;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FisherContentTest {
    private static FisherDiagonal diagonal(Provenance provenance, float[]... values) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (float[] one : values) {
            tensors.put("t" + tensors.size(), Tensor.of(Shape.of(one.length), one));
        }
        return new FisherDiagonal(tensors, provenance);
    }

    private static List<String> warnings(float[]... values) {
        return FisherContent.of(diagonal(Provenance.getDefaultInstance(), values))
                .warnings("f");
    }

    private static float[] of(float... values) {
        return values;
    }

    @Test
    void whatTellsParametersApartGivesNoWarning() {
        assertEquals(List.of(), warnings(of(0, 0, 1), of(0, 2)));
        assertEquals(List.of(), warnings(of(3)));
    }

    @Test
    void zerosAndOneValueAreNamed() {
        assertTrue(warnings(of(0, 0), of(0)).get(0).startsWith("'f' is 0 for every parameter"));
        assertEquals(
                List.of("'f' holds 2.0 alone, so that any order of its parameters is arbitrary"),
                warnings(of(2, 2), of(2)));
        String some = warnings(of(0, 0), of(1, 2), of(0)).get(0);
        assertTrue(some.startsWith("2 of the 3 tensors of 'f' are 0 everywhere ('t0', 't2'): "), some);
    }

    /** The first look is at few elements: one that differs behind them counts too. */
    @Test
    void theLastElementDecides() {
        float[] almost = new float[200_000];
        assertTrue(FisherContent.of(diagonal(Provenance.getDefaultInstance(), almost))
                .isZero());
        almost[almost.length - 1] = 1;
        assertEquals(List.of(), warnings(almost));
    }

    @Test
    void onlyParametersCount() {
        FisherDiagonal all = diagonal(Provenance.getDefaultInstance(), of(0, 0), of(1, 2));
        FisherDiagonal first = new FisherDiagonal(all.tensors(), Map.of("t1", Role.STATISTIC), all.provenance());
        assertTrue(FisherContent.of(first).isZero());
    }

    @ParameterizedTest
    @CsvSource({
        "Adam, , 0, true",
        "RMSProp, , 1, true",
        "RMSprop, , 0, true",
        "AdaGrad, , 0.1, true",
        "Adagrad, 0.3, 0.3, true",
        "Adagrad, 0.3, 0.1, false",
        "Adadelta, , 0, true",
        "Ftrl, , 0.1, true",
        "Adam, , 1, false",
        "Mine, , 0, true"
    })
    void accumulatorsAtTheirStartAreRefused(String optimizer, Double initial, float value, boolean refused) {
        Accumulator.Builder facts = Accumulator.newBuilder().setOptimizer(optimizer);
        if (initial != null) {
            facts.setInitialValue(initial);
        }
        FisherDiagonal diagonal = diagonal(
                Provenance.newBuilder()
                        .setKind(Provenance.Kind.ACCUMULATOR)
                        .setAccumulator(facts)
                        .build(),
                of(value, value, value),
                of(value, value));
        if (refused) {
            String message = assertThrows(SquisherException.class, () -> FisherContent.refuseStartValues(diagonal, "f"))
                    .getMessage();
            assertTrue(message.contains("alone, which " + optimizer + " starts from"), message);
        } else {
            assertDoesNotThrow(() -> FisherContent.refuseStartValues(diagonal, "f"));
        }
    }
}
