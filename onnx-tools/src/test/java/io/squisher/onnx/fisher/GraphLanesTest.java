package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.onnx.data.NpzFile;
import io.squisher.onnx.runtime.Device;
import io.squisher.onnx.runtime.RuntimeSettings;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Parts of a batch side by side against the whole batch on one thread. */
class GraphLanesTest {
    static Stream<Arguments> casesAndKinds() {
        return FisherEstimatorTest.CASES.stream().flatMap(name -> Stream.of(
                        new FisherKind.Empirical(),
                        new FisherKind.Exact(),
                        new FisherKind.Joint(),
                        new FisherKind.Sampled(3, 5))
                .map(kind -> Arguments.of(name, kind)));
    }

    private static UnaryOperator<FisherRequest> threads(int count, Fixture fixture) {
        return request -> request.withRuntime(new RuntimeSettings(new Device.Cpu(), count, notice -> {}))
                .withBatchSize(fixture.count());
    }

    /** Up to five lanes, of which some fixtures fill two only, with threads to share; the last one has an example more. */
    @ParameterizedTest
    @MethodSource("casesAndKinds")
    void lanesChangeNothing(String name, FisherKind kind) {
        Fixture fixture = Fixture.load(name);
        Map<String, double[]> one = Estimation.of(fixture, kind, threads(1, fixture));
        Map<String, double[]> lanes = Estimation.of(fixture, kind, threads(5, fixture));
        if (kind instanceof FisherKind.Joint) {
            RelativeError.checkAgainstLargest(name + " " + kind, one, lanes, 1e-5);
        } else {
            RelativeError.check(name + " " + kind, one, lanes, 1e-5);
        }
    }

    @Test
    void everyRunHasTheSameBits() {
        Fixture fixture = Fixture.load("tiny_bert");
        FisherKind kind = new FisherKind.Empirical();
        Map<String, double[]> first = Estimation.of(fixture, kind, threads(2, fixture));
        for (int run = 0; run < 5; run++) {
            Estimation.of(fixture, kind, threads(2, fixture))
                    .forEach((name, values) -> assertArrayEquals(first.get(name), values, name));
        }
    }

    @Test
    void scoresBelongToTheirExamples() {
        Fixture fixture = Fixture.load("lenet_cnn");
        double[] one = scores(fixture, 1);
        double[] lanes = scores(fixture, 3);
        for (int n = 0; n < one.length; n++) {
            assertEquals(one[n], lanes[n], 1e-5 * one[n], "example " + n);
        }
    }

    private static double[] scores(Fixture fixture, int threads) {
        double[] all = new double[fixture.count()];
        try (NpzFile data = fixture.data();
                ExampleScores scores = new ExampleScores(
                        threads(threads, fixture)
                                .apply(FisherRequest.of(
                                        fixture.model(),
                                        Fixture.examples(data),
                                        fixture.likelihood(),
                                        new FisherKind.Empirical())),
                        Map.of())) {
            scores.run(
                    FisherListener.SILENT,
                    (from, numbers) -> System.arraycopy(numbers, 0, all, (int) from, numbers.length));
        }
        return all;
    }
}
