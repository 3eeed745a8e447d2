package io.squisher.examples.benchmarks;

import io.squisher.apps.topk.Selection;
import io.squisher.apps.topk.TopK;
import io.squisher.format.safetensors.SafetensorsFile;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.internal.gson.GsonBuilder;
import io.squisher.internal.gson.JsonObject;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorBytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Times the search for the threshold that keeps a quarter of many scores in a file beside reading the file with two threads, in
 * turns within one run, and prints JSON: medians, the selected count against the wanted one, and the heap in use.
 *
 * <p>Arguments: {@code millions=250} (scores), {@code ties=0|1} (whether only 1,000 different scores occur), {@code rounds=5},
 * {@code folder=PATH}.
 */
public final class ThresholdBenchmark {
    private static final int TENSORS = 10;

    private ThresholdBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        Arguments options = new Arguments(arguments);
        try (BenchmarkFolder folder = BenchmarkFolder.of(options)) {
            Path file = folder.file("scores.safetensors");
            long each = options.integer("millions", 250) * 1_000_000L / TENSORS;
            boolean ties = options.integer("ties", 0) == 1;
            SafetensorsWriter.write(file, scores(each, ties), Map.of());
            JsonObject json = measure(file, options.integer("rounds", 5));
            json.addProperty("ties", ties);
            System.out.println(new GsonBuilder().setPrettyPrinting().create().toJson(json));
        }
    }

    private static Map<String, Tensor> scores(long each, boolean ties) {
        Map<String, Tensor> scores = new LinkedHashMap<>();
        for (int i = 0; i < TENSORS; i++) {
            scores.put("layer." + i, ties ? RandomTensor.ties(each, i) : RandomTensor.squares(each, i));
        }
        return scores;
    }

    private static JsonObject measure(Path file, int rounds) {
        PlainInputOutput plain = new PlainInputOutput();
        Timings reading = new Timings(rounds);
        Timings selecting = new Timings(rounds);
        try (SafetensorsFile scores = SafetensorsFile.open(file)) {
            Map<String, Tensor> tensors = scores.tensors();
            long total = tensors.values().stream().mapToLong(Tensor::size).sum();
            long wanted = total / 4;
            Selection[] selection = new Selection[1];
            for (int round = -1; round < rounds; round++) {
                reading.time(round, () -> plain.read(List.of(file)));
                selecting.time(round, () -> selection[0] = TopK.select(tensors, wanted));
            }
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            JsonObject json = new JsonObject();
            json.addProperty("scores", total);
            json.addProperty("wanted", wanted);
            json.addProperty("selected", count(selection[0], tensors));
            json.addProperty("threshold", selection[0].threshold());
            json.addProperty("read_ms", reading.median() * 1e3);
            json.addProperty("select_ms", selecting.median() * 1e3);
            json.addProperty("beyond_reading_ms", (selecting.median() - reading.median()) * 1e3);
            json.addProperty("heap_in_use_megabytes", (runtime.totalMemory() - runtime.freeMemory()) * 1e-6);
            return json;
        }
    }

    private static long count(Selection selection, Map<String, Tensor> tensors) {
        long[] ones = {0};
        TensorBytes bytes = new TensorBytes();
        for (String name : tensors.keySet()) {
            bytes.forEachPiece(selection.keep(name), piece -> {
                while (piece.hasRemaining()) {
                    ones[0] += piece.get();
                }
            });
        }
        return ones[0];
    }
}
