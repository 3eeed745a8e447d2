package io.squisher.onnx.training;

import io.squisher.fisher.FisherFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.data.NpzFile;
import io.squisher.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Models, data and PyTorch's numbers, as {@code src/test/scripts/training_references.py} writes them. */
final class References {
    static final int BATCH = 20;
    static final long SEED = 7;

    private References() {}

    /** Copies a file of the references into a folder. */
    static Path copy(Path folder, String name) {
        Path file = folder.resolve(name);
        try (InputStream resource = References.class.getResourceAsStream("/training/" + name)) {
            Files.copy(resource, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return file;
    }

    /** The data of a model. */
    static Examples data(Path folder, String model) {
        Map<String, Tensor> arrays = arrays(copy(folder, model + "-data.npz"));
        return Examples.of(model, arrays);
    }

    /** All arrays of an npz file, in memory. */
    static Map<String, Tensor> arrays(Path file) {
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        try (NpzFile npz = NpzFile.open(file)) {
            npz.arrays()
                    .forEach(
                            (name, array) -> arrays.put(name, Tensor.of(array.type(), array.shape(), array.toBytes())));
        }
        return arrays;
    }

    /** The tensors of a Fisher file as text: name and bits. */
    static List<String> texts(Path file) {
        List<String> texts = new ArrayList<>();
        try (FisherFile fisher = FisherFile.open(file)) {
            fisher.diagonal()
                    .tensors()
                    .forEach((name, tensor) -> texts.add(name + Arrays.toString(tensor.toDoubles())));
        }
        return texts;
    }

    /** A trainer with the references' data and order. */
    static OnnxTrainer trainer(Path folder, String model) {
        return OnnxTrainer.of(copy(folder, model + ".onnx"))
                .examples(data(folder, model))
                .batchSize(BATCH)
                .seed(SEED);
    }
}
