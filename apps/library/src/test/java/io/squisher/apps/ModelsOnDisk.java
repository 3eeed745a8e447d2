package io.squisher.apps;

import io.squisher.format.WeightFormats;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A test with small models, each in a file that is open until the test's end. */
public abstract class ModelsOnDisk {
    /** Where the models are. */
    @TempDir
    protected Path folder;

    private final List<WeightSource> open = new ArrayList<>();

    /** A model of these tensors. */
    protected WeightSource model(Map<String, Tensor> tensors) {
        WeightSource source = Fixtures.model(folder.resolve(open.size() + ".safetensors"), tensors);
        open.add(source);
        return source;
    }

    /** The model of a fixture. */
    protected WeightSource fixture(String name) {
        WeightSource source = WeightFormats.open(Fixtures.path(name + "/model.onnx"));
        open.add(source);
        return source;
    }

    /** How many models there are. */
    protected int models() {
        return open.size();
    }

    @AfterEach
    void close() {
        open.forEach(WeightSource::close);
    }
}
