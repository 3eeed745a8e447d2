package io.squisher.examples.benchmarks;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.sun.management.OperatingSystemMXBean;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.fisher.FisherEstimator;
import io.squisher.onnx.fisher.FisherKind;
import io.squisher.onnx.fisher.FisherListener;
import io.squisher.onnx.fisher.FisherRequest;
import io.squisher.onnx.fisher.Likelihood;
import io.squisher.onnx.runtime.Device;
import io.squisher.onnx.runtime.InferenceSession;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.proto.onnx.ModelProto;
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
 * Times the Fisher of the four models beside ONNX Runtime's forward pass of the untouched model, in turns within one
 * run, and prints JSON: milliseconds per example, their ratio, and the peak resident memory of the process.
 *
 * <p>Arguments: the models (all if none), and options {@code kind=joint}, {@code batch=32}, {@code rounds=7}. One process
 * per model gives the memory figures a meaning: {@code MODEL=M3; java … FisherBenchmark M3}.
 */
public final class FisherBenchmark {
    private final FisherKind kind;
    private final OptionalInt batch;
    private final int rounds;
    private final RuntimeSettings runtime;

    private FisherBenchmark(FisherKind kind, OptionalInt batch, int rounds, int threads) {
        this.runtime = new RuntimeSettings(new Device.Cpu(), threads, notice -> {});
        this.kind = kind;
        this.batch = batch;
        this.rounds = rounds;
    }

    public static void main(String[] arguments) throws IOException {
        List<BenchmarkModel> models = new ArrayList<>();
        FisherKind kind = new FisherKind.Empirical();
        OptionalInt batch = OptionalInt.empty();
        int rounds = 7;
        int threads = 0;
        for (String argument : arguments) {
            if (argument.startsWith("kind=")) {
                kind = argument.endsWith("joint")
                        ? new FisherKind.Joint()
                        : argument.endsWith("exact") ? new FisherKind.Exact() : new FisherKind.Empirical();
            } else if (argument.startsWith("batch=")) {
                batch = OptionalInt.of(Integer.parseInt(argument.substring(6)));
            } else if (argument.startsWith("threads=")) {
                threads = Integer.parseInt(argument.substring(8));
            } else if (argument.startsWith("rounds=")) {
                rounds = Integer.parseInt(argument.substring(7));
            } else {
                models.add(BenchmarkModel.valueOf(argument));
            }
        }
        JsonArray results = new JsonArray();
        for (BenchmarkModel model : models.isEmpty() ? List.of(BenchmarkModel.values()) : models) {
            results.add(new FisherBenchmark(kind, batch, rounds, threads).measure(model));
        }
        System.out.println(new GsonBuilder().setPrettyPrinting().create().toJson(results));
    }

    private JsonObject measure(BenchmarkModel model) throws IOException {
        Path file = Files.createTempFile("squisher-" + model, ".onnx");
        try {
            ModelProto proto = model.build();
            Files.write(file, proto.toByteArray());
            Map<String, Tensor> arrays = Map.of("x", inputs(model), "labels", labels(model));
            return measure(model, proto, file, Examples.of("benchmark", arrays));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private JsonObject measure(BenchmarkModel model, ModelProto proto, Path file, Examples examples) {
        FisherRequest request = FisherRequest.of(OnnxFile.read(file), examples, new Likelihood.Categorical(-1), kind)
                .withRuntime(runtime);
        if (batch.isPresent()) {
            request = request.withBatchSize(batch.getAsInt());
        }
        List<Tensor> batches = batches(model, examples.arrays().get("x"));
        long start = System.nanoTime();
        double[] forward = new double[rounds];
        double[] fisher = new double[rounds];
        double[] processorRatios = new double[rounds];
        double prepared;
        int batchSize;
        try (InferenceSession session = InferenceSession.create(proto, runtime);
                FisherEstimator estimator = new FisherEstimator(request)) {
            session.pin(session.outputs().iterator().next(), Shape.of(model.batch(), model.classes()));
            prepared = (System.nanoTime() - start) * 1e-9;
            batchSize = estimator.plan().batchSize();
            for (int round = -1; round < rounds; round++) {
                double before = processorSeconds();
                double forwardSeconds = seconds(() -> forward(session, batches));
                double between = processorSeconds();
                double fisherSeconds = seconds(() -> estimator.run(FisherListener.SILENT));
                double after = processorSeconds();
                if (round >= 0) {
                    processorRatios[round] = (after - between) / (between - before);
                    forward[round] = forwardSeconds;
                    fisher[round] = fisherSeconds;
                }
            }
        }
        JsonObject json = json(model, forward, fisher, prepared, batchSize);
        json.addProperty("processor_time_ratio", median(processorRatios) / passes(model));
        return json;
    }

    private JsonObject json(BenchmarkModel model, double[] forward, double[] fisher, double prepared, int batchSize) {
        double[] ratios = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            ratios[i] = fisher[i] / forward[i];
        }
        int count = model.examples() * passes(model);
        JsonObject json = new JsonObject();
        json.addProperty("model", model.name());
        json.addProperty("kind", kind.toProto().name());
        json.addProperty("batch", batchSize);
        json.addProperty("forward_ms_per_example", median(forward) / model.examples() * 1e3);
        json.addProperty("fisher_ms_per_example_and_pass", median(fisher) / count * 1e3);
        json.addProperty("ratio", median(ratios) / passes(model));
        json.addProperty("ratio_min", Arrays.stream(ratios).min().orElseThrow() / passes(model));
        json.addProperty("ratio_max", Arrays.stream(ratios).max().orElseThrow() / passes(model));
        json.addProperty("seconds_to_prepare", prepared);
        json.addProperty("peak_resident_mb", peakResidentMegabytes());
        return json;
    }

    private int passes(BenchmarkModel model) {
        return kind instanceof FisherKind.Exact ? model.classes() : 1;
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

    private static Tensor inputs(BenchmarkModel model) {
        Random random = new Random(1);
        int size = model.examples() * model.exampleSize();
        ElementType type = model.inputType();
        ByteBuffer bytes = ByteBuffer.allocateDirect(size * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < size; i++) {
            if (type == ElementType.I64) {
                bytes.putLong(i * 8, random.nextInt(30522));
            } else {
                bytes.putFloat(i * 4, (float) random.nextGaussian());
            }
        }
        return Tensor.of(type, Shape.of(model.dims(model.examples())), bytes);
    }

    private static Tensor labels(BenchmarkModel model) {
        Random random = new Random(2);
        long[] labels = random.longs(model.examples(), 0, model.classes()).toArray();
        return Tensor.of(Shape.of(labels.length), labels);
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
