package io.squisher.examples.benchmarks;

import io.squisher.apps.cli.Main;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.internal.gson.GsonBuilder;
import io.squisher.internal.gson.JsonObject;
import io.squisher.proto.Provenance;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes the page of a large diagonal, {@code squisher report}, beside reading its file with two threads, and prints JSON: seconds, those
 * of the processors, the size of the page, and the largest heap in use.
 *
 * <p>The diagonal has the tensors of a transformer of width 2,048, in blocks of 50 million parameters. Arguments: {@code millions=1000}
 * (parameters; four bytes of each lie on the disk), {@code folder=PATH}.
 */
public final class ReportBenchmark {
    private static final long WIDTH = 2048;
    private static final int MILLIONS_OF_A_BLOCK = 50;

    private ReportBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        Arguments options = new Arguments(arguments);
        try (BenchmarkFolder folder = BenchmarkFolder.of(options)) {
            Path fisher = folder.file("fisher.safetensors");
            FisherFile.write(fisher, diagonal(Math.max(1, options.integer("millions", 1000) / MILLIONS_OF_A_BLOCK)));
            JsonObject json = measure(fisher, folder.file("page.html"));
            System.out.println(new GsonBuilder().setPrettyPrinting().create().toJson(json));
        }
    }

    private static FisherDiagonal diagonal(int blocks) {
        Map<String, Tensor> squares = new LinkedHashMap<>();
        for (int block = 0; block < blocks; block++) {
            String name = "encoder.layer." + block + ".";
            for (String part : List.of("query", "key", "value", "output")) {
                add(squares, name + "attention." + part + ".weight", WIDTH, WIDTH);
                add(squares, name + "attention." + part + ".bias", WIDTH);
            }
            add(squares, name + "intermediate.weight", 4 * WIDTH, WIDTH);
            add(squares, name + "intermediate.bias", 4 * WIDTH);
            add(squares, name + "output.weight", WIDTH, 4 * WIDTH);
            add(squares, name + "output.bias", WIDTH);
        }
        Provenance provenance = Provenance.newBuilder()
                .setFormatVersion(FisherFile.FORMAT_VERSION)
                .setKind(Provenance.Kind.EMPIRICAL)
                .setReduction(Provenance.Reduction.MEAN)
                .build();
        return new FisherDiagonal(squares, provenance);
    }

    private static void add(Map<String, Tensor> squares, String name, long... dims) {
        squares.put(name, RandomTensor.squares(Shape.of(dims), squares.size()));
    }

    private static JsonObject measure(Path fisher, Path page) throws IOException {
        double reading = seconds(() -> new PlainInputOutput().read(List.of(fisher)));
        List<MemoryPoolMXBean> heap = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .toList();
        heap.forEach(MemoryPoolMXBean::resetPeakUsage);
        PrintStream terminal = System.err;
        long processor = ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .orElse(Duration.ZERO)
                .toMillis();
        double made = seconds(() -> {
            int code = Main.run(terminal, terminal, "report", fisher.toString(), "-o", page.toString());
            if (code != 0) {
                throw new IllegalStateException("'report' ended with " + code);
            }
        });
        long peak =
                heap.stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
        JsonObject json = new JsonObject();
        try (FisherFile file = FisherFile.open(fisher)) {
            json.addProperty(
                    "parameters",
                    file.diagonal().names().stream()
                            .mapToLong(name -> file.diagonal().tensor(name).size())
                            .sum());
        }
        json.addProperty("read_seconds", reading);
        json.addProperty("report_seconds", made);
        json.addProperty("report_processor_seconds", processor * 1e-3);
        json.addProperty("page_megabytes", Files.size(page) * 1e-6);
        json.addProperty("peak_heap_megabytes", peak * 1e-6);
        json.addProperty("largest_heap_megabytes", Runtime.getRuntime().maxMemory() * 1e-6);
        return json;
    }

    private static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) * 1e-9;
    }
}
