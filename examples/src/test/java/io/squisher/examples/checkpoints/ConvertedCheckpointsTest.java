package io.squisher.examples.checkpoints;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.cli.Main;
import io.squisher.examples.data.Batches;
import io.squisher.examples.data.Digits;
import io.squisher.examples.data.LabelledImages;
import io.squisher.fisher.FisherFile;
import io.squisher.proto.Accumulator;
import io.squisher.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.framework.optimizers.AdaDelta;
import org.tensorflow.framework.optimizers.AdaGrad;
import org.tensorflow.framework.optimizers.AdaGradDA;
import org.tensorflow.framework.optimizers.Adam;
import org.tensorflow.framework.optimizers.Adamax;
import org.tensorflow.framework.optimizers.Ftrl;
import org.tensorflow.framework.optimizers.GradientDescent;
import org.tensorflow.framework.optimizers.Momentum;
import org.tensorflow.framework.optimizers.Nadam;
import org.tensorflow.framework.optimizers.Optimizer;
import org.tensorflow.framework.optimizers.RMSProp;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/** Checkpoints and SavedModels that TensorFlow Java writes, with each of its optimizers, converted by the command. */
class ConvertedCheckpointsTest {
    private static final int STEPS = 40;
    private static final int BATCH = 16;
    private static final Set<String> VARIABLES = Set.of("kernel", "bias");

    @TempDir
    Path folder;

    /**
     * An optimizer and what conversion must find.
     *
     * @param name the optimizer in the provenance
     * @param slot the accumulator in TensorFlow Java
     * @param decay 0 if the checkpoint does not say
     * @param steps 0 if the checkpoint does not say
     */
    private record Case(String name, String slot, Function<Graph, Optimizer> optimizer, double decay, long steps) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> usable() {
        return Stream.of(
                new Case("Adam", "v", Adam::new, 0.999, STEPS),
                new Case("Nadam", "v", Nadam::new, 0.999, STEPS),
                new Case("RMSProp", "rms", RMSProp::new, 0, 0),
                new Case("RMSProp", "rms", g -> new RMSProp(g, 0.001f, 0.95f, 0.5f, 1e-7f, true), 0, 0),
                new Case("AdaDelta", "accum", AdaDelta::new, 0, 0),
                new Case("AdaGrad", "accumulator", AdaGrad::new, 0, 0),
                new Case("AdaGradDA", "gradient_squared_accumulator", g -> new AdaGradDA(g), 0, STEPS),
                new Case("Ftrl", "gradient_accumulator", Ftrl::new, 0, 0));
    }

    @ParameterizedTest
    @MethodSource("usable")
    void everyAccumulatorComesOutAsTheSessionHasIt(Case test) throws IOException {
        Map<String, float[]> expected = train(test);
        Path output = folder.resolve("squisher.safetensors");
        for (Path checkpoint : List.of(folder.resolve("model.ckpt"), folder.resolve("saved_model"))) {
            String report = run(0, "convert", checkpoint, "--batch-size", BATCH, "-o", output);
            try (FisherFile file = FisherFile.open(output)) {
                assertEquals(VARIABLES, Set.copyOf(file.diagonal().names()), report);
                Accumulator facts = file.diagonal().provenance().getAccumulator();
                assertEquals(test.name, facts.getOptimizer());
                assertEquals(test.decay, facts.getDecay());
                assertEquals(test.steps, facts.getStep());
                assertFalse(file.diagonal().provenance().getWeightsHash().isEmpty());
                for (String variable : VARIABLES) {
                    Tensor tensor = file.diagonal().tensor(variable);
                    assertArrayEquals(expected.get(variable), tensor.toFloats(), variable);
                }
            }
        }
    }

    static Stream<Case> unusable() {
        return Stream.of(
                new Case("Adamax", "", Adamax::new, 0, 0),
                new Case("Momentum", "", Momentum::new, 0, 0),
                new Case("SGD", "", GradientDescent::new, 0, 0));
    }

    @ParameterizedTest
    @MethodSource("unusable")
    void whatKeepsNoSquaresIsRefusedInOneLine(Case test) throws IOException {
        train(test);
        String message = run(1, "convert", folder.resolve("model.ckpt"), "-o", folder.resolve("squisher.safetensors"));
        assertEquals(1, message.lines().count(), message);
        assertTrue(message.startsWith("squisher: cannot convert '"), message);
        assertFalse(Files.exists(folder.resolve("squisher.safetensors")));
    }

    private static String run(int expectedCode, Object... words) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(text, true, StandardCharsets.UTF_8);
        String[] arguments = Stream.of(words).map(Object::toString).toArray(String[]::new);
        int code = Main.run(stream, stream, arguments);
        assertEquals(expectedCode, code, text.toString(StandardCharsets.UTF_8));
        return text.toString(StandardCharsets.UTF_8);
    }

    /** Trains a linear classifier, saves it both ways, and returns its accumulators as the session has them. */
    private Map<String, float[]> train(Case test) throws IOException {
        LabelledImages digits = Digits.load();
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Placeholder<TFloat32> images = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 64)));
            Placeholder<TFloat32> labels = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 10)));
            Variable<TFloat32> kernel = variable(tf, "kernel", 64, 10);
            Variable<TFloat32> bias = variable(tf, "bias", 10);
            Operand<TFloat32> logits = tf.nn.biasAdd(tf.linalg.matMul(images, kernel), bias);
            Operand<TFloat32> loss = tf.math.mean(
                    tf.nn.softmaxCrossEntropyWithLogits(logits, labels).loss(), tf.constant(0));
            Op step = test.optimizer.apply(graph).minimize(loss);
            try (Session session = new Session(graph)) {
                session.initialize();
                Batches batches = new Batches(digits, BATCH, 1);
                for (int i = 0; i < STEPS; i++) {
                    LabelledImages batch = batches.next();
                    try (TFloat32 x = tensor(BATCH, 64, batch.flat());
                            TFloat32 y = tensor(BATCH, 10, batch.oneHot(10))) {
                        session.runner()
                                .feed(images, x)
                                .feed(labels, y)
                                .addTarget(step)
                                .run()
                                .close();
                    }
                }
                save(session, images, logits);
                return test.slot.isEmpty() ? Map.of() : accumulators(session, test.slot);
            }
        }
    }

    private void save(Session session, Operand<TFloat32> images, Operand<TFloat32> logits) throws IOException {
        session.save(folder.resolve("model.ckpt").toString());
        Signature signature = Signature.builder()
                .input("images", images)
                .output("logits", logits)
                .build();
        SavedModelBundle.exporter(folder.resolve("saved_model").toString())
                .withSession(session)
                .withSignature(signature)
                .export();
    }

    private static Map<String, float[]> accumulators(Session session, String slot) {
        Map<String, float[]> values = new HashMap<>();
        for (String variable : VARIABLES) {
            try (var result = session.runner().fetch(variable + "-" + slot).run()) {
                TFloat32 tensor = (TFloat32) result.get(0);
                float[] floats = new float[(int) tensor.size()];
                tensor.asRawTensor().data().asFloats().read(floats);
                values.put(variable, floats);
            }
        }
        return values;
    }

    private static Variable<TFloat32> variable(Ops tf, String name, long... dims) {
        Variable<TFloat32> variable = tf.withName(name).variable(Shape.of(dims), TFloat32.class);
        Ops start = tf.withInitScope();
        start.assign(variable, start.zeros(start.constant(dims), TFloat32.class));
        return variable;
    }

    private static TFloat32 tensor(long rows, long columns, float... values) {
        return TFloat32.tensorOf(Shape.of(rows, columns), DataBuffers.of(values));
    }
}
