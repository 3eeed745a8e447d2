package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.graph.Numbers;
import io.squisher.onnx.graph.SteppedModel;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Squares of the examples of a batch against squared gradients of batches that hold one example each. */
class SteppedModelFisherTest {
    private static final int EXAMPLES = 5;

    private static FisherRequest request(SteppedModel form, int time, int from, int count, FisherKind kind) {
        Value x = new Numbers(9).normal(EXAMPLES, time, SteppedModel.FEATURES);
        Value labels = Value.ints(new int[] {EXAMPLES}, 0, 1, 2, 1, 0);
        int[] rows = IntStream.range(from, from + count).toArray();
        Map<String, Tensor> arrays = Map.of(
                "x",
                x.select(0, rows).tensor(),
                "labels",
                labels.select(0, rows).tensor());
        ModelProto model = form.on(x, true).build();
        return FisherRequest.of(
                        new OnnxFile(Path.of("m.onnx"), model),
                        Examples.of("examples", arrays),
                        new Likelihood.Categorical(1),
                        kind)
                .withBatchSize(4);
    }

    @ParameterizedTest
    @EnumSource
    void squaresTheSumOverTheSteps(SteppedModel form) {
        for (int time : new int[] {3, 11}) {
            Map<String, double[]> expected = new LinkedHashMap<>();
            for (int n = 0; n < EXAMPLES; n++) {
                Estimation.of(request(form, time, n, 1, new FisherKind.Joint()))
                        .forEach((name, squares) -> expected.merge(name, squares, (sum, more) -> {
                            Arrays.setAll(sum, i -> sum[i] + more[i]);
                            return sum;
                        }));
            }
            expected.values().forEach(sum -> Arrays.setAll(sum, i -> sum[i] / EXAMPLES));
            FisherRequest all = request(form, time, 0, EXAMPLES, new FisherKind.Empirical());
            try (FisherPlan plan = FisherPlan.of(all)) {
                // Written out, weights of a first state meet others before they meet the examples.
                int parts = form == SteppedModel.LEARNED_START && time < 8 ? 2 : 1;
                assertEquals(parts, plan.parts().size(), plan.paths().toString());
            }
            RelativeError.check(form + " " + time, expected, Estimation.of(all), 1e-4);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 11})
    void listsAreTensors(int time) {
        FisherKind kind = new FisherKind.Empirical();
        RelativeError.check(
                "a list",
                Estimation.of(request(SteppedModel.LOOP, time, 0, EXAMPLES, kind)),
                Estimation.of(request(SteppedModel.LISTING_LOOP, time, 0, EXAMPLES, kind)),
                1e-5);
    }

    @ParameterizedTest
    @EnumSource
    void theGraphDoesNotGrowWithTheSteps(SteppedModel form) {
        for (FisherKind kind : new FisherKind[] {new FisherKind.Empirical(), new FisherKind.Joint()}) {
            assertEquals(nodes(form, 16, kind), nodes(form, 300, kind));
        }
    }

    private static int nodes(SteppedModel form, int time, FisherKind kind) {
        try (FisherPlan plan = FisherPlan.of(request(form, time, 0, EXAMPLES, kind))) {
            return nodes(plan.standalone().model().getGraph());
        }
    }

    private static int nodes(GraphProto graph) {
        int nodes = 0;
        for (NodeProto node : graph.getNodeList()) {
            nodes += 1
                    + node.getAttributeList().stream()
                            .mapToInt(attribute -> nodes(attribute.getG()))
                            .sum();
        }
        return nodes;
    }
}
