package io.squisher.examples.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.squisher.format.npy.NpzWriter;
import io.squisher.format.onnx.ExternalData;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.internal.gson.GsonBuilder;
import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonObject;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.fisher.FisherEstimator;
import io.squisher.onnx.fisher.FisherKind;
import io.squisher.onnx.fisher.FisherListener;
import io.squisher.onnx.fisher.FisherRequest;
import io.squisher.onnx.runtime.Device;
import io.squisher.onnx.runtime.InferenceSession;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;

/**
 * Times the Fisher of models beside ONNX Runtime's forward pass of the untouched model, in turns within one
 * run, and prints JSON: milliseconds per example, their ratio, and what the Fisher alone took of memory.
 *
 * <p>Arguments: the models (M1 to M4 if none), and options {@code kind=joint}, {@code batch=32}, {@code rounds=7}, {@code
 * threads=1}, {@code device=cuda}. One process per model gives the memory figures a meaning. {@code write M3 FILE} writes a model, and
 * {@code write M3 FILE.npz 10000} as many examples for it.
 */
public final class FisherBenchmark {
    private final FisherKind kind;
    private final OptionalInt batch;
    private final int rounds;
    private final RuntimeSettings runtime;

    private FisherBenchmark(Arguments arguments) {
        this.runtime = new RuntimeSettings(
                Device.parse(arguments.text("device", "cpu")), arguments.integer("threads", 0), notice -> {});
        this.kind = switch (arguments.text("kind", "empirical")) {
            case "joint" -> new FisherKind.Joint();
            case "exact" -> new FisherKind.Exact();
            case "empirical" -> new FisherKind.Empirical();
            default -> throw new IllegalArgumentException("kind= takes empirical, exact or joint");
        };
        int given = arguments.integer("batch", 0);
        this.batch = given > 0 ? OptionalInt.of(given) : OptionalInt.empty();
        this.rounds = arguments.integer("rounds", 7);
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length == 3 && arguments[0].equals("write")) {
            BenchmarkModel.valueOf(arguments[1]).write(Path.of(arguments[2]));
            return;
        }
        if (arguments.length == 4 && arguments[0].equals("write")) {
            NpzWriter.write(
                    Path.of(arguments[2]),
                    arrays(BenchmarkModel.valueOf(arguments[1]), Integer.parseInt(arguments[3])));
            return;
        }
        List<BenchmarkModel> models = Arrays.stream(arguments)
                .filter(argument -> !argument.contains("="))
                .map(BenchmarkModel::valueOf)
                .toList();
        String[] options = Arrays.stream(arguments)
                .filter(argument -> argument.contains("="))
                .toArray(String[]::new);
        JsonArray results = new JsonArray();
        for (BenchmarkModel model : models.isEmpty() ? BenchmarkModel.USUAL : models) {
            results.add(new FisherBenchmark(new Arguments(options)).measure(model));
        }
        System.out.println(new GsonBuilder().setPrettyPrinting().create().toJson(results));
    }

    private JsonObject measure(BenchmarkModel model) throws IOException, InterruptedException {
        Path file = Files.createTempFile("squisher-" + model, ".onnx");
        try {
            // In a process of its own: what building a model takes in memory is not the Fisher's.
            new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            FisherBenchmark.class.getName(),
                            "write",
                            model.name(),
                            file.toString())
                    .inheritIO()
                    .start()
                    .waitFor();
            return measure(model, file, Examples.of("benchmark", arrays(model, model.examples())));
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(WeightFile.beside(file));
        }
    }

    private JsonObject measure(BenchmarkModel model, Path file, Examples examples) {
        JsonObject json = new JsonObject();
        json.addProperty("model", model.name());
        json.addProperty("kind", kind.toProto().name());
        long start = System.nanoTime();
        OnnxFile onnx = OnnxFile.read(file);
        FisherRequest request =
                FisherRequest.of(onnx, examples, model.likelihood(), kind).withRuntime(runtime);
        if (batch.isPresent()) {
            request = request.withBatchSize(batch.getAsInt());
        }
        try (FisherEstimator estimator = new FisherEstimator(request)) {
            json.addProperty("batch", estimator.plan().batchSize());
            Stopwatch first = new Stopwatch();
            estimator.run(first);
            json.addProperty("seconds_to_first_batch", (first.firstBatch - start) * 1e-9);
            json.addProperty("peak_resident_mb", peakResidentMegabytes());
            try (InferenceSession session = InferenceSession.create(withWeights(onnx), runtime)) {
                compare(
                        model,
                        session,
                        estimator,
                        batches(model, examples.arrays().get("x")),
                        json);
            }
        }
        return json;
    }

    /** The model with the weights in it that are in another file. */
    private static ModelProto withWeights(OnnxFile onnx) {
        ModelProto.Builder model = onnx.model().toBuilder();
        try (ExternalData external = new ExternalData(onnx.path())) {
            model.getGraphBuilder().getInitializerBuilderList().forEach(tensor -> {
                if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
                    Tensor values = OnnxTensors.read(tensor.build(), external);
                    tensor.clearDataLocation()
                            .clearExternalData()
                            .setRawData(OnnxTensors.write("", values).getRawData());
                }
            });
        }
        return model.build();
    }

    private void compare(
            BenchmarkModel model,
            InferenceSession session,
            FisherEstimator estimator,
            List<Tensor> batches,
            JsonObject json) {
        session.pin(session.outputs().iterator().next(), model.outputShape(model.batch()));
        Timings forward = new Timings(rounds);
        Timings fisher = new Timings(rounds);
        Timings forwardProcessor = new Timings(rounds);
        Timings fisherProcessor = new Timings(rounds);
        for (int round = -1; round < rounds; round++) {
            double before = processorSeconds();
            forward.time(round, () -> forward(session, batches));
            forwardProcessor.keep(round, processorSeconds() - before);
            Stopwatch stopwatch = new Stopwatch();
            estimator.run(stopwatch);
            fisher.keep(round, (stopwatch.last - stopwatch.begun) * 1e-9);
            fisherProcessor.keep(round, stopwatch.processor);
        }
        int passes = kind instanceof FisherKind.Exact ? model.classes() : 1;
        json.addProperty("passes", passes);
        json.addProperty("forward_ms_per_example", forward.median() / model.examples() * 1e3);
        json.addProperty("fisher_ms_per_example", fisher.median() / model.examples() * 1e3);
        json.addProperty("ratio", fisher.medianRatioTo(forward));
        json.addProperty("ratio_per_pass", fisher.medianRatioTo(forward) / passes);
        json.addProperty("processor_time_ratio", fisherProcessor.medianRatioTo(forwardProcessor));
    }

    /** When the examples began, the first batch was done, and the last; making the result is not per example. */
    private static final class Stopwatch implements FisherListener {
        private long begun;
        private long firstBatch;
        private long last;
        private double processorBegun;
        private double processor;

        @Override
        public void progressed(long examples) {
            last = System.nanoTime();
            if (examples == 0) {
                begun = last;
                processorBegun = processorSeconds();
            } else if (firstBatch == 0) {
                firstBatch = last;
            }
            processor = processorSeconds() - processorBegun;
        }
    }

    /** The forward pass as fast as it can be had: no copies, the output in a kept buffer. */
    private static void forward(InferenceSession session, List<Tensor> batches) {
        batches.forEach(batch -> session.run(Map.of("x", batch), Set.of()));
    }

    private static List<Tensor> batches(BenchmarkModel model, Tensor x) {
        List<Tensor> batches = new ArrayList<>();
        int bytes = model.batch() * model.exampleSize() * model.inputType().bytes();
        for (int from = 0; from < model.examples(); from += model.batch()) {
            ByteBuffer batch = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
            x.readBytes((long) from / model.batch() * bytes, batch);
            batches.add(Tensor.of(model.inputType(), Shape.of(model.dims(model.batch())), batch.flip()));
        }
        return batches;
    }

    /** Processor time of the whole process, which other processes on the machine disturb less than the clock. */
    private static double processorSeconds() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() * 1e-9;
    }

    private static Map<String, Tensor> arrays(BenchmarkModel model, int examples) {
        return Map.of("x", inputs(model, examples), "labels", labels(model, examples));
    }

    private static Tensor inputs(BenchmarkModel model, int examples) {
        Random random = new Random(1);
        int size = examples * model.exampleSize();
        ElementType type = model.inputType();
        ByteBuffer bytes = ByteBuffer.allocateDirect(size * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < size; i++) {
            if (type == ElementType.I64) {
                bytes.putLong(i * 8, random.nextInt(model.vocabulary()));
            } else {
                bytes.putFloat(i * 4, (float) random.nextGaussian());
            }
        }
        return Tensor.of(type, Shape.of(model.dims(examples)), bytes);
    }

    private static Tensor labels(BenchmarkModel model, int examples) {
        Random random = new Random(2);
        Shape shape = model.labelShape(examples);
        return Tensor.of(shape, random.longs(shape.size(), 0, model.classes()).toArray());
    }

    private static double peakResidentMegabytes() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmHWM"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException e) {
            return Double.NaN;
        }
    }
}
