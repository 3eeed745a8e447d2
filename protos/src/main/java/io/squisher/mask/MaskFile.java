package io.squisher.mask;

import io.squisher.Counted;
import io.squisher.SquisherException;
import io.squisher.files.AtomicFile;
import io.squisher.files.FormatException;
import io.squisher.files.Opening;
import io.squisher.format.safetensors.SafetensorsFile;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.internal.gson.Gson;
import io.squisher.internal.gson.JsonParseException;
import io.squisher.internal.gson.reflect.TypeToken;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A mask over the parameters of a model on disk: a safetensors file with, for each parameter, its bits packed eight to a
 * byte (lowest bit first) in a vector of unsigned bytes, and in the metadata {@value #SHAPES_KEY} the parameters' shapes as
 * a JSON object. A 1 means: kept, or trained.
 */
public final class MaskFile implements AutoCloseable {
    /** Metadata key of the shapes; its presence marks a mask. */
    public static final String SHAPES_KEY = "squisher.mask.shapes";

    private static final String FORMAT = "mask file";

    private final SafetensorsFile file;
    private final Map<String, Tensor> masks;

    private MaskFile(SafetensorsFile file, Map<String, Tensor> masks) {
        this.file = file;
        this.masks = Collections.unmodifiableMap(masks);
    }

    /**
     * Opens a mask.
     *
     * @throws FormatException if it is missing, damaged, or no mask
     */
    public static MaskFile open(Path path) {
        try (Opening opening = new Opening()) {
            SafetensorsFile file = opening.add(SafetensorsFile.open(path));
            return opening.keep(new MaskFile(file, unpacked(path, file)));
        }
    }

    /**
     * Writes a mask atomically.
     *
     * @param masks zeros and ones (of any type) in the parameters' shapes, by name; they may be computed as they are read
     * @param metadata of the caller's, beside the shapes
     */
    public static void write(Path path, Map<String, Tensor> masks, Map<String, String> metadata) {
        try (AtomicFile file = prepare(path, masks, metadata)) {
            file.commit();
        }
    }

    /** Writes a mask under a temporary name; who commits the file puts it in its place. */
    public static AtomicFile prepare(Path path, Map<String, Tensor> masks, Map<String, String> metadata) {
        Map<String, Tensor> packed = new LinkedHashMap<>();
        Map<String, long[]> shapes = new LinkedHashMap<>();
        masks.forEach((name, mask) -> {
            packed.put(name, new PackedBits(mask));
            shapes.put(name, mask.shape().dims());
        });
        Map<String, String> all = new LinkedHashMap<>(metadata);
        all.put(SHAPES_KEY, new Gson().toJson(shapes));
        return SafetensorsWriter.prepare(path, packed, all);
    }

    private static Map<String, Tensor> unpacked(Path path, SafetensorsFile file) {
        String json = file.metadata().get(SHAPES_KEY);
        if (json == null) {
            throw FormatException.notA(path, FORMAT, "its metadata has no " + SHAPES_KEY);
        }
        Map<String, long[]> shapes;
        try {
            shapes = new Gson().fromJson(json, new TypeToken<LinkedHashMap<String, long[]>>() {}.getType());
        } catch (JsonParseException e) {
            throw FormatException.bad(path, FORMAT, SHAPES_KEY + " is no JSON object of shapes");
        }
        Map<String, Tensor> masks = new LinkedHashMap<>();
        file.tensors().forEach((name, packed) -> {
            if (shapes.get(name) == null) {
                throw FormatException.bad(path, FORMAT, "no shape is given for '" + name + "'");
            }
            Shape shape = Shape.of(shapes.get(name));
            if (packed.byteSize() != (shape.size() + 7) / 8) {
                throw FormatException.bad(
                        path,
                        FORMAT,
                        "'" + name + "' has " + Counted.of(packed.byteSize(), "byte") + ", its shape is " + shape);
            }
            masks.put(name, new UnpackedBits(packed, shape));
        });
        return masks;
    }

    /** Zeros and ones as unsigned bytes in the parameters' shapes, by name; readable until {@link #close()}. */
    public Map<String, Tensor> masks() {
        return masks;
    }

    /**
     * The mask of one parameter.
     *
     * @throws SquisherException if the file has none
     */
    public Tensor mask(String name) {
        Tensor mask = masks.get(name);
        if (mask == null) {
            throw new SquisherException("the mask '" + file.path() + "' has none for the parameter '" + name + "'");
        }
        return mask;
    }

    public Map<String, String> metadata() {
        return file.metadata();
    }

    public Path path() {
        return file.path();
    }

    @Override
    public void close() {
        file.close();
    }
}
