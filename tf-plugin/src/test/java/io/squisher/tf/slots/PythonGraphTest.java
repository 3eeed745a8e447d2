package io.squisher.tf.slots;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.format.WeightFormats;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;

/**
 * A training graph that TensorFlow 2.21 for Python wrote ({@code two-adams.pb}): two layers in variable scopes, each trained by
 * an Adam of its own, one of which has a slash in its name. {@code two-adams.npz} has the batches {@code x} and {@code y} of ten
 * steps and what all variables were after them.
 */
class PythonGraphTest {
    private static final Path FOLDER = Path.of("src/test/resources/python");
    private static final int STEPS = 10;
    private static final int BATCH = 8;

    @Test
    void eachOfTwoOptimizersYieldsThePythonAccumulatorsAndSteps() throws IOException {
        try (WeightSource expected = WeightFormats.open(FOLDER.resolve("two-adams.npz"));
                Graph graph = read();
                Session session = new Session(graph)) {
            session.runner().addTarget("init").run();
            train(session, expected);
            check(session, graph, "first/opt", expected, "model/layer_1/kernel", "first/opt_1");
            check(session, graph, "Adam", expected, "model/layer_2/kernel", "Adam_1");
        }
    }

    @Test
    void bothAtOnceAreToldApart() throws IOException {
        try (Graph graph = read()) {
            List<OptimizerState> optimizers = OptimizerState.of(TrainedVariables.in(graph));
            assertEquals(2, optimizers.size());
            assertEquals(
                    List.of("model/layer_1/kernel", "model/layer_1/bias"),
                    optimizers.get(0).variables().stream()
                            .map(TrainedVariable::name)
                            .toList());
        }
    }

    private static Graph read() throws IOException {
        Graph graph = new Graph();
        graph.importGraphDef(GraphDef.parseFrom(Files.readAllBytes(FOLDER.resolve("two-adams.pb"))));
        return graph;
    }

    private static void train(Session session, WeightSource batches) {
        for (int step = 0; step < STEPS; step++) {
            try (TFloat32 x = batch(batches.tensor("x"), step);
                    TFloat32 y = batch(batches.tensor("y"), step)) {
                session.runner().feed("x", x).feed("y", y).addTarget("train").run();
            }
        }
    }

    private static TFloat32 batch(Tensor all, int step) {
        int width = (int) all.shape().dim(2);
        float[] values = Arrays.copyOfRange(all.toFloats(), step * BATCH * width, (step + 1) * BATCH * width);
        return TFloat32.tensorOf(Shape.of(BATCH, width), DataBuffers.of(values, true, false));
    }

    private static void check(
            Session session, Graph graph, String optimizer, WeightSource expected, String kernel, String slot) {
        List<TrainedVariable> variables = TrainedVariables.updatedBy(graph.operation(optimizer));
        assertEquals(OptionalLong.of(STEPS), OptimizerState.of(variables).get(0).step(session));
        try (Harvest harvest = Harvest.of(session, variables)) {
            assertEquals(2, harvest.accumulators().size());
            float[] wanted = expected.tensor(kernel + "/" + slot).toFloats();
            float[] seen = harvest.accumulators().get(kernel).toFloats();
            assertEquals(wanted.length, seen.length);
            for (int i = 0; i < wanted.length; i++) {
                assertEquals(wanted[i], seen[i], 1e-5 * wanted[i], kernel + " at " + i);
            }
        }
    }
}
