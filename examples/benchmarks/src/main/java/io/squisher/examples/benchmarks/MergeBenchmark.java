package io.squisher.examples.benchmarks;

import io.squisher.apps.merge.FisherMergeOptions;
import io.squisher.apps.merge.FisherMethod;
import io.squisher.examples.merging.FileMerge;
import io.squisher.examples.merging.ModelWithFisher;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.format.WeightFormats;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.internal.gson.GsonBuilder;
import io.squisher.internal.gson.JsonObject;
import io.squisher.proto.Provenance;
import io.squisher.tensor.Tensor;
import io.squisher.weights.ContentHash;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * Times the merge of two safetensors models with their Fishers, all checks included (the content hash reads the models once
 * more), beside reading the same files and writing and forcing as many bytes with two threads, in turns within one run. Prints
 * JSON: medians, and the median of the ratios.
 *
 * <p>Arguments: {@code megabytes=250} (of one model; five times as much lies on the disk), {@code rounds=5}, {@code warmup=2},
 * {@code folder=PATH}.
 */
public final class MergeBenchmark {
    private static final int TENSORS = 16;

    private final BenchmarkFolder folder;
    private final PlainInputOutput plain = new PlainInputOutput();

    private MergeBenchmark(BenchmarkFolder folder) {
        this.folder = folder;
    }

    public static void main(String[] arguments) throws IOException {
        Arguments options = new Arguments(arguments);
        try (BenchmarkFolder folder = BenchmarkFolder.of(options)) {
            JsonObject json = new MergeBenchmark(folder)
                    .measure(
                            options.integer("megabytes", 250),
                            options.integer("rounds", 5),
                            options.integer("warmup", 2));
            System.out.println(new GsonBuilder().setPrettyPrinting().create().toJson(json));
        }
    }

    private JsonObject measure(int megabytes, int rounds, int warmup) throws IOException {
        List<ModelWithFisher> models = List.of(write("a", megabytes, 1), write("b", megabytes, 2));
        List<Path> inputs = models.stream()
                .flatMap(model -> List.of(model.model(), model.fisher()).stream())
                .toList();
        Path output = folder.file("out.safetensors");
        Timings floor = new Timings(rounds);
        Timings merge = new Timings(rounds);
        Timings hashes = new Timings(rounds);
        long bytes = Files.size(inputs.get(0));
        for (int round = -warmup; round < rounds; round++) {
            floor.time(round, () -> plain.readAndWrite(inputs, output, bytes));
            Files.delete(output);
            merge.time(round, () -> FileMerge.merge(models, new FisherMethod(FisherMergeOptions.PLAIN), output));
            Files.delete(output);
            hashes.time(round, () -> models.forEach(model -> hash(model.model())));
        }
        JsonObject json = new JsonObject();
        json.addProperty("read_megabytes", 4 * bytes * 1e-6);
        json.addProperty("written_megabytes", bytes * 1e-6);
        json.addProperty("read_and_write_ms", floor.median() * 1e3);
        json.addProperty("merge_ms", merge.median() * 1e3);
        json.addProperty("of_which_content_hashes_ms", hashes.median() * 1e3);
        json.addProperty("ratio", merge.medianRatioTo(floor));
        json.addProperty("largest_heap_megabytes", Runtime.getRuntime().maxMemory() * 1e-6);
        return json;
    }

    private ModelWithFisher write(String name, int megabytes, long seed) {
        long size = megabytes * 1_000_000L / 4 / TENSORS;
        Path model = folder.file(name + ".safetensors");
        Path fisher = folder.file(name + ".fisher.safetensors");
        SafetensorsWriter.write(model, tensors(i -> RandomTensor.weights(size, seed * 100 + i)), Map.of());
        Provenance provenance = Provenance.newBuilder()
                .setFormatVersion(FisherFile.FORMAT_VERSION)
                .setKind(Provenance.Kind.EMPIRICAL)
                .setReduction(Provenance.Reduction.MEAN)
                .setWeightsHash(hash(model))
                .build();
        Map<String, Tensor> squares = tensors(i -> RandomTensor.squares(size, seed * 100 + 50 + i));
        FisherFile.write(fisher, new FisherDiagonal(squares, provenance));
        return new ModelWithFisher(model, fisher);
    }

    private static String hash(Path model) {
        try (WeightSource weights = WeightFormats.open(model)) {
            return ContentHash.of(weights.names(), weights::tensor);
        }
    }

    private static Map<String, Tensor> tensors(LongFunction<Tensor> maker) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (int i = 0; i < TENSORS; i++) {
            tensors.put("layer." + i + ".weight", maker.apply(i));
        }
        return tensors;
    }
}
