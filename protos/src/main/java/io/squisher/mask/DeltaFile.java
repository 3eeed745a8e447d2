package io.squisher.mask;

import io.squisher.SquisherException;
import io.squisher.files.FormatException;
import io.squisher.files.Opening;
import io.squisher.format.safetensors.SafetensorsFile;
import io.squisher.internal.gson.Gson;
import io.squisher.internal.gson.JsonParseException;
import io.squisher.tensor.Tensor;
import io.squisher.weights.ContentHash;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A model as the difference to its base: for each tensor that differs at all, which elements do (bits, packed as in a
 * {@link MaskFile}) and their values. Put onto the base it gives the model back bit for bit.
 *
 * <p>On disk a safetensors file with {@code mask/NAME} and {@code values/NAME}, and in the metadata {@value #KEY}: the
 * content hashes of base and model.
 */
public final class DeltaFile implements AutoCloseable {
    /** Metadata key of the hashes; its presence marks a delta. */
    public static final String KEY = "squisher.delta";

    private static final String FORMAT = "delta file";
    static final String MASK = "mask/";
    static final String VALUES = "values/";

    private final SafetensorsFile file;
    private final Hashes hashes;

    /** Content hashes over all tensors. */
    record Hashes(String base, String model) {}

    private DeltaFile(SafetensorsFile file, Hashes hashes) {
        this.file = file;
        this.hashes = hashes;
    }

    /**
     * Opens a delta.
     *
     * @throws FormatException if it is missing, damaged, or no delta
     */
    public static DeltaFile open(Path path) {
        try (Opening opening = new Opening()) {
            SafetensorsFile file = opening.add(SafetensorsFile.open(path));
            String json = file.metadata().get(KEY);
            if (json == null) {
                throw FormatException.notA(path, FORMAT, "its metadata has no " + KEY);
            }
            Hashes hashes = new Gson().fromJson(json, Hashes.class);
            if (hashes == null || hashes.base == null || hashes.model == null) {
                throw FormatException.bad(path, FORMAT, KEY + " lacks the hashes of base and model");
            }
            return opening.keep(new DeltaFile(file, hashes));
        } catch (JsonParseException e) {
            throw FormatException.bad(path, FORMAT, KEY + " is no JSON object");
        }
    }

    /**
     * The tensors of the model that differ from those of {@code base}, put together as they are read.
     *
     * @throws SquisherException if this is not the base that the delta was made from
     */
    public Map<String, Tensor> applyTo(WeightSource base) {
        if (!hash(base).equals(hashes.base)) {
            throw new SquisherException("'" + file.path() + "' was not made from the weights in '" + base.path()
                    + "'; pass the base that it was made from");
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (String name : names()) {
            Tensor original = base.tensor(name);
            Tensor mask = new UnpackedBits(file.tensors().get(MASK + name), original.shape());
            MaskedElements places = new MaskedElements(mask);
            Tensor values = file.tensors().get(VALUES + name);
            if (values == null || values.type() != original.type() || values.size() != places.count()) {
                throw FormatException.bad(
                        file.path(), FORMAT, "'" + name + "' has " + places.count() + " changes and other values");
            }
            tensors.put(name, places.scatter(original, values));
        }
        return tensors;
    }

    /** The tensors that differ, by the names of the base. */
    public Set<String> names() {
        return file.tensors().keySet().stream()
                .filter(key -> key.startsWith(MASK))
                .map(key -> key.substring(MASK.length()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The content hash of the model that comes out. */
    public String modelHash() {
        return hashes.model;
    }

    @Override
    public void close() {
        file.close();
    }

    static String hash(WeightSource source) {
        return ContentHash.of(source.names(), source::tensor);
    }
}
