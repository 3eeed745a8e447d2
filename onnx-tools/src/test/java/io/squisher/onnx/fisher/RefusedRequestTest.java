package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.graph.Numbers;
import io.squisher.onnx.graph.TestModel;
import io.squisher.onnx.reading.RaisedGraph;
import io.squisher.onnx.runtime.InferenceSession;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A request that is refused leaves no memory of ONNX Runtime behind, wherever it is refused. */
class RefusedRequestTest {
    private final Numbers numbers = new Numbers(23);
    private final Value x = RaisedGraph.float32(numbers.normal(4, 64));
    private final Map<String, Tensor> arrays = Map.of(
            "x",
            x.tensor(),
            "labels",
            Value.floats(new int[] {4, 64}, new double[256]).tensor());

    /** Large enough a weight to be shared, and one that takes single examples: a plan of two graphs. */
    private final OnnxFile model = new OnnxFile(
            Path.of("model.onnx"),
            TestModel.opset(20)
                    .input("x", x, -1, 64)
                    .initializer("large", RaisedGraph.float32(numbers.normal(64, 64)))
                    .initializer("summed", RaisedGraph.float32(numbers.normal(64, 64)))
                    .initializer("axis", Value.ints(new int[0], 0))
                    .node("CumSum", "summed,axis", "sums")
                    .node("MatMul", "x,large", "first")
                    .node("MatMul", "first,sums", "y")
                    .outputs("y")
                    .build());

    private FisherRequest request(FisherKind kind) {
        return FisherRequest.of(model, Examples.of("examples", arrays), new Likelihood.Gaussian(1), kind);
    }

    /** Remembers its sessions, and refuses to open more than some. */
    private static final class Counted extends FisherSessions {
        private final int most;
        private final List<InferenceSession> sessions = new ArrayList<>();
        private boolean closed;

        Counted(int most) {
            super(RuntimeSettings.CPU);
            this.most = most;
        }

        @Override
        InferenceSession open(ModelProto graph, int threads) {
            if (sessions.size() == most) {
                throw new SquisherException("no more than " + most);
            }
            sessions.add(super.open(graph, threads));
            return sessions.get(sessions.size() - 1);
        }

        @Override
        public void close() {
            assertTrue(weights().size() > 0, "the weights were never in memory");
            super.close();
            closed = true;
        }

        void assertReleased(int opened) {
            assertTrue(closed);
            assertEquals(0, weights().size());
            assertEquals(opened, sessions.size());
            for (InferenceSession session : sessions) {
                assertThrows(IllegalStateException.class, () -> session.run(Map.of(), Set.of("y")));
            }
        }
    }

    private void refusesPlan(FisherRequest request) {
        Counted sessions = new Counted(0);
        assertThrows(SquisherException.class, () -> FisherPlan.of(request, sessions));
        sessions.assertReleased(0);
    }

    @Test
    void whileItIsPlanned() {
        refusesPlan(request(new FisherKind.Empirical()).withParameters(Pattern.compile("no such parameter")));
        Map<String, Tensor> unlabelled = Map.of("x", x.tensor());
        refusesPlan(FisherRequest.of(
                model, Examples.of("examples", unlabelled), new Likelihood.Gaussian(1), new FisherKind.Empirical()));
    }

    @Test
    void whileItsGraphsAreLoaded() {
        FisherRequest request = request(new FisherKind.Sampled(1, 0));
        for (int most = 0; most < 3; most++) {
            Counted sessions = new Counted(most);
            FisherPlan plan = FisherPlan.of(request, sessions);
            assertEquals(2, plan.parts().size());
            assertThrows(SquisherException.class, () -> new FisherEstimator(plan));
            sessions.assertReleased(most);
        }
    }

    /** Of a likelihood of classes, the numbers of the output are looked at first, in a session of their own. */
    @Test
    void norDoesOneThatLooksAtTheOutput() {
        Map<String, Tensor> classes = Map.of(
                "x",
                x.tensor(),
                "labels",
                Value.ints(new int[] {4}, 0, 9, 63, 1).tensor());
        Counted sessions = new Counted(2);
        FisherRequest request = FisherRequest.of(
                model, Examples.of("examples", classes), new Likelihood.Categorical(1), new FisherKind.Empirical());
        try (FisherEstimator estimator = new FisherEstimator(FisherPlan.of(request, sessions))) {
            estimator.run(FisherListener.SILENT);
        }
        sessions.assertReleased(2);
    }

    @Test
    void norDoesOneThatIsDone() {
        Counted sessions = new Counted(3);
        try (FisherEstimator estimator =
                new FisherEstimator(FisherPlan.of(request(new FisherKind.Sampled(1, 0)), sessions))) {
            estimator.run(FisherListener.SILENT);
        }
        sessions.assertReleased(3);
    }
}
