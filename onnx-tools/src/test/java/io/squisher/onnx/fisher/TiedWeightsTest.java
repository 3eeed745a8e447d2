package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.fisher.FisherDiagonal;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Numbers;
import io.squisher.onnx.graph.TestModel;
import io.squisher.onnx.reading.RaisedGraph;
import io.squisher.onnx.runtime.Device;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.tensor.Tensor;
import io.squisher.weights.ContentHash;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A language model whose head is its embedding, as exporters write it: the table, and a transposed copy. */
class TiedWeightsTest {
    private static final int WORDS = 5;

    private final Value table = RaisedGraph.float32(new Numbers(11).normal(WORDS, 3));
    private final Value bias = RaisedGraph.float32(new Numbers(13).normal(WORDS));
    private final Map<String, Tensor> arrays = Map.of(
            "ids", Value.ints(new int[] {3, 2}, 0, 4, 1, 1, 3, 2).tensor(),
            "labels", Value.ints(new int[] {3, 2}, 2, 2, -100, 4, 0, 1).tensor());

    private static Tensor float32(Value value) {
        return RaisedGraph.tensor(RaisedGraph.float32(value));
    }

    private TestModel start() {
        return TestModel.opset(20)
                .input("ids", Value.ints(new int[] {3, 2}, 0, 4, 1, 1, 3, 2), -1, 2)
                .initializer("embedding", table)
                .initializer("bias", bias)
                .node("Gather", "embedding,ids", "words")
                .node("Tanh", "words", "hidden");
    }

    private static OnnxFile file(TestModel test, String head) {
        return new OnnxFile(
                Path.of("model.onnx"),
                test.node("MatMul", "hidden," + head, "products")
                        .node("Add", "products,bias", "logits")
                        .outputs("logits")
                        .build());
    }

    private OnnxFile shared() {
        return file(
                start().node("Transpose", "embedding", "head", Attributes.NONE.with("perm", new long[] {1, 0})),
                "head");
    }

    private OnnxFile twice() {
        return file(start().initializer("val_99", table.transposed(1, 0)), "val_99");
    }

    private FisherRequest request(OnnxFile model, FisherKind kind) {
        return FisherRequest.of(model, Examples.of("examples", arrays), new Likelihood.CategoricalTokens(-100), kind);
    }

    @Test
    void givesBothCopiesTheFisherOfOneWeight() {
        for (FisherKind kind : List.of(new FisherKind.Empirical(), new FisherKind.Exact(), new FisherKind.Joint())) {
            Map<String, double[]> expected = new LinkedHashMap<>(Estimation.of(request(shared(), kind)));
            double[] one = expected.get("embedding");
            double[] turned = new double[one.length];
            for (int word = 0; word < WORDS; word++) {
                for (int i = 0; i < 3; i++) {
                    turned[i * WORDS + word] = one[word * 3 + i];
                }
            }
            expected.put("val_99", turned);
            Map<String, double[]> found = Estimation.of(request(twice(), kind).withTiedWeights());
            RelativeError.check(kind.toString(), expected, found, 1e-5);
        }
    }

    @Test
    void belongsToTheWeightsOfTheFile() {
        OnnxFile model = twice();
        Map<String, Tensor> weights = Map.of(
                "embedding", float32(table),
                "val_99", float32(table.transposed(1, 0)),
                "bias", float32(bias));
        try (FisherEstimator estimator =
                new FisherEstimator(request(model, new FisherKind.Empirical()).withTiedWeights())) {
            FisherDiagonal diagonal = estimator.run(FisherListener.SILENT);
            assertEquals(weights.keySet(), java.util.Set.copyOf(diagonal.names()));
            assertEquals(
                    ContentHash.of(diagonal.names(), weights::get),
                    diagonal.provenance().getWeightsHash());
        }
    }

    @Test
    void saysThatCopiesAreTakenApart() {
        List<String> notices = new ArrayList<>();
        FisherRequest request = request(twice(), new FisherKind.Empirical())
                .withRuntime(new RuntimeSettings(new Device.Cpu(), 0, notices::add));
        Map<String, double[]> apart = Estimation.of(request);
        assertTrue(
                notices.stream()
                        .anyMatch(notice -> notice.startsWith(
                                "'embedding' and 'val_99' hold the same values, transposed; if they")),
                notices.toString());
        double[] together =
                Estimation.of(request(shared(), new FisherKind.Empirical())).get("embedding");
        assertNotEquals(together[0], apart.get("embedding")[0], 1e-3 * together[0]);
    }

    @Test
    void oneValueThroughoutProvesNothing() {
        TestModel test = start().initializer("zeros", Value.floats(new int[] {2, 2}, 1, 1, 1, 1))
                .initializer("more", Value.floats(new int[] {2, 2}, 1, 1, 1, 1));
        OnnxFile model = file(test.initializer("val_99", table.transposed(1, 0)), "val_99");
        TiedWeights found = TiedWeights.of(io.squisher.onnx.reading.GraphReader.read(model));
        assertEquals(java.util.Set.of("val_99"), found.copies().keySet());
    }
}
