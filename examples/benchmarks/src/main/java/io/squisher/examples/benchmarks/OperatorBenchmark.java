package io.squisher.examples.benchmarks;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.internal.gson.GsonBuilder;
import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonObject;
import io.squisher.onnx.autodiff.ReverseMode;
import io.squisher.onnx.autodiff.rules.StandardRules;
import io.squisher.onnx.emit.Emitter;
import io.squisher.onnx.emit.ForwardReuse;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.reading.GraphReader;
import io.squisher.onnx.runtime.Device;
import io.squisher.onnx.runtime.InferenceSession;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.onnx.runtime.ShapeProbe;
import io.squisher.onnx.shape.GraphValues;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Times the gradient of single operators (with respect to the input and all parameters) beside ONNX Runtime's forward of
 * the untouched model, in turns within one run on one thread, and prints JSON. The gradient's graph holds the forward as well;
 * what is printed is without it.
 *
 * <p>Arguments: the cases (all if none).
 */
public final class OperatorBenchmark {
    private static final int ROUNDS = 15;
    private static final RuntimeSettings RUNTIME = new RuntimeSettings(new Device.Cpu(), 1, notice -> {});

    private final OperatorModel model;
    private final GraphValues values;
    private final Set<String> sources = new LinkedHashSet<>();

    private OperatorBenchmark(OperatorModel model, ModelProto proto) {
        this.model = model;
        Graph graph = GraphReader.read(new OnnxFile(Path.of(model + ".onnx"), proto));
        this.values = ShapeProbe.measure(graph, this::inputs, model.output(), RUNTIME);
        sources.add("x");
        graph.initializers().keySet().stream().filter(values::isFloating).forEach(sources::add);
    }

    public static void main(String[] arguments) {
        List<OperatorModel> models = arguments.length == 0
                ? List.of(OperatorModel.values())
                : Arrays.stream(arguments).map(OperatorModel::valueOf).toList();
        JsonArray results = new JsonArray();
        for (OperatorModel model : models) {
            ModelProto proto = model.build();
            results.add(new OperatorBenchmark(model, proto).measure(proto));
        }
        System.out.println(new GsonBuilder().setPrettyPrinting().create().toJson(results));
    }

    private JsonObject measure(ModelProto proto) {
        Map<String, Tensor> fed = inputs(0, model.batch());
        double[] forward = new double[ROUNDS];
        double[] both = new double[ROUNDS];
        ModelProto differentiated = differentiated();
        Set<String> gradients = new LinkedHashSet<>();
        differentiated.getGraph().getOutputList().forEach(output -> gradients.add(output.getName()));
        try (InferenceSession plain = InferenceSession.create(proto, RUNTIME);
                InferenceSession gradient = InferenceSession.create(differentiated, RUNTIME)) {
            for (int round = -2; round < ROUNDS; round++) {
                double first = seconds(() -> plain.run(fed, Set.of(model.output())));
                double second = seconds(() -> gradient.run(fed, gradients));
                if (round >= 0) {
                    forward[round] = first;
                    both[round] = second;
                }
            }
        }
        double alone = median(both) - median(forward);
        JsonObject json = new JsonObject();
        json.addProperty("model", model.name());
        json.addProperty("forward_ms", median(forward) * 1e3);
        json.addProperty("gradient_ms", alone * 1e3);
        json.addProperty("gradient_ratio", alone / median(forward));
        return json;
    }

    /** The forward and the gradients of ½ Σ output², whose seed is the output itself: no work that is not the operator's. */
    private ModelProto differentiated() {
        Graph graph = values.graph();
        Emitter emitter = new Emitter(values.shapes().keySet());
        Ops ops = new Ops(emitter);
        ReverseMode reverse = new ReverseMode(values, StandardRules.all(), ops);
        reverse.seed(model.output(), values.value(model.output()));
        reverse.run(graph.nodes(), reverse.reachedFrom(sources, graph.nodes()));
        List<String> outputs =
                reverse.gradients(sources).values().stream().map(Value::name).toList();
        ForwardReuse reuse = new ForwardReuse(graph.nodes(), emitter.nodes());
        return new ModelBuilder()
                .nodes(reuse.forward())
                .nodes(reuse.emitted())
                .initializers(graph.initializers())
                .initializers(graph.constants())
                .initializers(emitter.constants())
                .inputs(graph.inputs())
                .outputs(outputs)
                .build();
    }

    /** Examples {@code from} to {@code from + count}, each of its own seed. */
    private Map<String, Tensor> inputs(long from, int count) {
        long[] dims = model.inputDims(count);
        int size = Math.toIntExact(Shape.of(dims).size());
        ByteBuffer bytes = ByteBuffer.allocateDirect(size * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int example = 0; example < count; example++) {
            Random random = new Random(from + example);
            for (int i = 0; i < size / count; i++) {
                bytes.putFloat((example * (size / count) + i) * Float.BYTES, (float) random.nextGaussian());
            }
        }
        return Map.of("x", Tensor.of(ElementType.F32, Shape.of(dims), bytes));
    }

    private static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) * 1e-9;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
