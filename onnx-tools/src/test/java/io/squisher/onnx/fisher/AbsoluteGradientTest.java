package io.squisher.onnx.fisher;

import io.squisher.onnx.data.Examples;
import io.squisher.onnx.data.NpzFile;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AbsoluteGradientTest {
    /** The absolute gradient of one example is the root of its empirical Fisher. */
    @ParameterizedTest
    @ValueSource(strings = {"lenet_cnn", "shared_weight"})
    void isTheMeanOfTheRootsOfSingleExamplesSquares(String name) {
        Fixture fixture = Fixture.load(name);
        try (NpzFile data = fixture.data()) {
            Examples examples = Fixture.examples(data);
            Map<String, double[]> first = estimate(fixture, examples.limit(1), new FisherKind.Empirical());
            Map<String, double[]> both = estimate(fixture, examples.limit(2), new FisherKind.Empirical());
            Map<String, double[]> expected = new LinkedHashMap<>();
            first.forEach((parameter, squares) -> {
                double[] means = new double[squares.length];
                for (int i = 0; i < means.length; i++) {
                    double second = Math.max(0, 2 * both.get(parameter)[i] - squares[i]);
                    means[i] = (Math.sqrt(squares[i]) + Math.sqrt(second)) / 2;
                }
                expected.put(parameter, means);
            });
            Map<String, double[]> actual = estimate(fixture, examples.limit(2), new FisherKind.Absolute());
            RelativeError.checkAgainstLargest(name, expected, actual, 1e-3);
        }
    }

    private static Map<String, double[]> estimate(Fixture fixture, Examples examples, FisherKind kind) {
        return Estimation.of(FisherRequest.of(fixture.model(), examples, fixture.likelihood(), kind));
    }
}
