package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.squisher.cases.SomeOf;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;

class FisherEstimatorTest {
    static final List<String> CASES = List.of(
            "mlp_relu",
            "lenet_cnn",
            "bn_cnn",
            "depthwise_cnn",
            "multilabel_bernoulli",
            "regression_gaussian",
            "shared_weight",
            "tiny_bert",
            "tiny_gpt",
            "vae_like_convtranspose");

    static Stream<Arguments> casesAndKinds() {
        return CASES.stream()
                .flatMap(name -> Stream.of(new FisherKind.Empirical(), new FisherKind.Exact(), new FisherKind.Joint())
                        .map(kind -> Arguments.of(name, kind)));
    }

    @ParameterizedTest
    @SomeOf(value = "casesAndKinds", oneIn = 2)
    void agreesWithPyTorchAtSeveralBatchSizes(String name, FisherKind kind) {
        Fixture fixture = Fixture.load(name);
        Map<String, double[]> first = null;
        for (int batch : new int[] {1, 7, fixture.count()}) {
            Map<String, double[]> actual = estimate(fixture, kind, batch);
            RelativeError.check(
                    name + " " + kind + " batch " + batch, fixture.reference(kind), actual, fixture.tolerance());
            first = first == null ? actual : first;
            if (kind instanceof FisherKind.Joint) {
                // Positive and negative gradients cancel in the sum: what float32 keeps is relative to the summands.
                RelativeError.checkAgainstLargest(name + " " + kind + " batch " + batch, first, actual, 1e-5);
            } else {
                RelativeError.check(name + " " + kind + " batch " + batch + " against batch 1", first, actual, 1e-5);
            }
        }
        assertFalse(first.isEmpty());
    }

    private static Map<String, double[]> estimate(Fixture fixture, FisherKind kind, int batch) {
        return Estimation.of(fixture, kind, request -> request.withBatchSize(batch));
    }
}
