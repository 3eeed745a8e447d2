package io.squisher.mask;

import io.squisher.SquisherException;
import io.squisher.files.SameFile;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.internal.gson.Gson;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Where a model differs from its base: what a {@link DeltaFile} holds, counted and not yet written. */
public final class Difference {
    private final WeightSource model;
    private final WeightSource base;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private long changed;
    private long total;

    private Difference(WeightSource model, WeightSource base) {
        this.model = model;
        this.base = base;
    }

    /**
     * Compares two models, which must stay open until the difference is written.
     *
     * @throws SquisherException with all names, shapes and types that differ between the two
     */
    public static Difference of(WeightSource model, WeightSource base) {
        checkAlike(model, base);
        Difference difference = new Difference(model, base);
        model.names().forEach(difference::look);
        return difference;
    }

    private void look(String name) {
        Tensor tuned = model.tensor(name);
        Tensor mask = new DifferenceMask(tuned, base.tensor(name));
        MaskedElements places = new MaskedElements(mask);
        total += tuned.size();
        if (places.count() > 0) {
            changed += places.count();
            tensors.put(DeltaFile.MASK + name, new PackedBits(mask));
            tensors.put(DeltaFile.VALUES + name, places.gather(tuned));
        }
    }

    /** How many elements differ. */
    public long changed() {
        return changed;
    }

    /** How many elements the model has. */
    public long total() {
        return total;
    }

    /**
     * Writes it atomically.
     *
     * @throws SquisherException if {@code path} is one of the two models
     */
    public void write(Path path) {
        SameFile.refuse(path, model.path());
        SameFile.refuse(path, base.path());
        DeltaFile.Hashes hashes = new DeltaFile.Hashes(DeltaFile.hash(base), DeltaFile.hash(model));
        SafetensorsWriter.write(path, tensors, Map.of(DeltaFile.KEY, new Gson().toJson(hashes)));
    }

    private static void checkAlike(WeightSource model, WeightSource base) {
        List<String> unlike = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>(model.names());
        names.addAll(base.names());
        for (String name : names) {
            if (!model.names().contains(name) || !base.names().contains(name)) {
                unlike.add("'" + name + "' is only in '" + (model.names().contains(name) ? model : base).path() + "'");
            } else {
                TensorSpec tuned = TensorSpec.of(model.tensor(name));
                TensorSpec original = TensorSpec.of(base.tensor(name));
                if (!tuned.equals(original)) {
                    unlike.add("'" + name + "' is " + tuned + " and " + original);
                }
            }
        }
        if (!unlike.isEmpty()) {
            throw new SquisherException(
                    "'" + model.path() + "' is no fine-tuned '" + base.path() + "': " + String.join("; ", unlike));
        }
    }
}
