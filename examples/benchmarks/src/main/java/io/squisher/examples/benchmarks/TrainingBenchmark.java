package io.squisher.examples.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.internal.gson.GsonBuilder;
import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonObject;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.runtime.InferenceSession;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.onnx.training.OnnxTrainer;
import io.squisher.onnx.training.Pooling;
import io.squisher.onnx.training.StepReport;
import io.squisher.onnx.training.TrainingListener;
import io.squisher.onnx.training.optimizer.Adam;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Times steps of Adam on all parameters of a sentence encoder, update included, beside ONNX Runtime's forward pass of the
 * untouched model on the same batch, in turns within one run, and prints JSON.
 *
 * <p>Arguments: an ONNX file whose inputs are those of BERT, as all-MiniLM-L6-v2 has them; options {@code tokens=32} (32 and 128
 * if none), {@code batch=32} (as the trainer has it), {@code rounds=15}.
 */
public final class TrainingBenchmark {
    private static final int WORDS = 30_522;
    private static final int WIDTH = 384;
    private static final int CLASSES = 6;

    private final Path model;
    private final int batch;
    private final int tokens;
    private final int rounds;

    private TrainingBenchmark(Path model, Arguments arguments, int tokens) {
        this.model = model;
        this.batch = arguments.integer("batch", 32);
        this.rounds = arguments.integer("rounds", 15);
        this.tokens = tokens;
    }

    public static void main(String[] arguments) throws IOException {
        Path model = Path.of(arguments[0]);
        Arguments options = new Arguments(java.util.Arrays.copyOfRange(arguments, 1, arguments.length));
        int given = options.integer("tokens", 0);
        JsonArray results = new JsonArray();
        for (int tokens : given > 0 ? List.of(given) : List.of(32, 128)) {
            results.add(new TrainingBenchmark(model, options, tokens).measure());
        }
        System.out.println(new GsonBuilder().setPrettyPrinting().create().toJson(results));
    }

    private JsonObject measure() throws IOException {
        OnnxFile file = OnnxFile.read(model);
        Map<String, Tensor> inputs = inputs(file);
        Map<String, Tensor> arrays = new LinkedHashMap<>(inputs);
        arrays.put("labels", random(Shape.of(batch), CLASSES));
        Timings forward = new Timings(rounds);
        Timings step = new Timings(rounds);
        Timings forwardProcessor = new Timings(rounds);
        Timings stepProcessor = new Timings(rounds);
        Path target = Files.createTempFile("squisher-trained", ".onnx");
        try (InferenceSession session = InferenceSession.create(file.model(), RuntimeSettings.CPU)) {
            session.pin(file.model().getGraph().getOutput(0).getName(), Shape.of(batch, tokens, WIDTH));
            Alternating listener = new Alternating(
                    new Turn(forward, forwardProcessor),
                    new Turn(step, stepProcessor),
                    () -> session.run(inputs, Set.of()));
            OnnxTrainer.of(model)
                    .output(file.model().getGraph().getOutput(0).getName())
                    .head(CLASSES, Pooling.MEAN)
                    .examples(Examples.of("benchmark", arrays))
                    .batchSize(batch)
                    .epochs(rounds + 2)
                    .optimizer(Adam.of(1e-5))
                    .listener(listener)
                    .train(target);
        } finally {
            Files.deleteIfExists(target);
            Files.deleteIfExists(Path.of(target.toString().replace(".onnx", ".squisher.safetensors")));
        }
        JsonObject json = new JsonObject();
        json.addProperty("batch", batch);
        json.addProperty("tokens", tokens);
        json.addProperty("forward_ms", forward.median() * 1e3);
        json.addProperty("step_ms", step.median() * 1e3);
        json.addProperty("ratio", step.medianRatioTo(forward));
        json.addProperty("processor_time_ratio", stepProcessor.medianRatioTo(forwardProcessor));
        json.addProperty("peak_resident_mb", peakResidentMegabytes());
        return json;
    }

    /** What one of the two took: by the clock, and of the processors, which other programs disturb less. */
    private record Turn(Timings clock, Timings processor) {
        void keep(int round, long nanoseconds, double processorSeconds) {
            clock.keep(round, nanoseconds * 1e-9);
            processor.keep(round, processorSeconds);
        }
    }

    /** A forward pass after each step; a step is the time from there to the next. */
    private static final class Alternating implements TrainingListener {
        private final Turn forward;
        private final Turn step;
        private final Runnable run;
        private long begun;
        private double processor;
        private int round = -2;

        Alternating(Turn forward, Turn step, Runnable run) {
            this.forward = forward;
            this.step = step;
            this.run = run;
        }

        @Override
        public void stepped(StepReport report) {
            finish(step);
            run.run();
            finish(forward);
            round++;
        }

        private void finish(Turn turn) {
            long now = System.nanoTime();
            double used = processorSeconds();
            turn.keep(round, now - begun, used - processor);
            begun = now;
            processor = used;
        }

        private static double processorSeconds() {
            return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() * 1e-9;
        }
    }

    private Map<String, Tensor> inputs(OnnxFile file) {
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        Shape shape = Shape.of(batch, tokens);
        for (ValueInfoProto input : file.model().getGraph().getInputList()) {
            int below = input.getName().contains("mask") ? 0 : input.getName().contains("type") ? 1 : WORDS;
            inputs.put(input.getName(), random(shape, below));
        }
        return inputs;
    }

    /** Numbers from 0 to below {@code below}; ones if that is 0. */
    private static Tensor random(Shape shape, int below) {
        Random random = new Random(1);
        int size = (int) shape.size();
        ByteBuffer bytes = ByteBuffer.allocateDirect(8 * size).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < size; i++) {
            bytes.putLong(8 * i, below == 0 ? 1 : random.nextInt(below));
        }
        return Tensor.of(ElementType.I64, shape, bytes);
    }

    private static double peakResidentMegabytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(Double.NaN);
    }
}
