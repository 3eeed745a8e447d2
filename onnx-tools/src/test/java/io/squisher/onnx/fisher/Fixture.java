package io.squisher.onnx.fisher;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.safetensors.SafetensorsFile;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.data.NpzFile;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.tensor.Tensor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** One of the reference cases: a model, its data, and its Fishers from PyTorch in float64. */
record Fixture(String name, Path folder, JsonObject description) {
    static Fixture load(String name) {
        try {
            Path folder = Path.of(Fixture.class.getResource("/fixtures/" + name).toURI());
            JsonObject json = JsonParser.parseString(Files.readString(folder.resolve("case.json")))
                    .getAsJsonObject();
            return new Fixture(name, folder, json);
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    OnnxFile model() {
        return OnnxFile.read(folder.resolve("model.onnx"));
    }

    NpzFile data() {
        return NpzFile.open(folder.resolve("data.npz"));
    }

    static Examples examples(NpzFile data) {
        return Examples.of(data.path().toString(), data.arrays());
    }

    int count() {
        return description.get("N").getAsInt();
    }

    double tolerance() {
        return description.get("rtol").getAsDouble();
    }

    Likelihood likelihood() {
        return switch (description.get("likelihood").getAsString()) {
            case "categorical" -> new Likelihood.Categorical(-1);
            case "categorical-tokens" -> new Likelihood.CategoricalTokens(-100);
            case "bernoulli" -> new Likelihood.Bernoulli();
            default -> new Likelihood.Gaussian(1);
        };
    }

    /** The reference of a kind: by tensor, its values. */
    Map<String, double[]> reference(FisherKind kind) {
        String file = "fisher_" + kind.toProto().name().toLowerCase(Locale.ROOT) + ".safetensors";
        Map<String, double[]> reference = new LinkedHashMap<>();
        try (SafetensorsFile open = SafetensorsFile.open(folder.resolve(file))) {
            for (Map.Entry<String, Tensor> entry : open.tensors().entrySet()) {
                reference.put(entry.getKey(), entry.getValue().toDoubles());
            }
        }
        return reference;
    }
}
