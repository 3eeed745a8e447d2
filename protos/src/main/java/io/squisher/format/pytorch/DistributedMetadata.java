package io.squisher.format.pytorch;

import io.squisher.Counted;
import io.squisher.files.FileName;
import io.squisher.files.FileRegion;
import io.squisher.files.FormatException;
import io.squisher.format.pickle.PickleGlobal;
import io.squisher.format.pickle.PickleObject;
import io.squisher.format.pickle.PickleReader;
import io.squisher.format.pickle.PickleSequence;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code .metadata} of {@code torch.distributed.checkpoint}: a pickle of PyTorch's own dataclasses. {@code state_dict_metadata} has for each
 * name the type, the shape and the pieces of a tensor; {@code storage_data} has for each piece its file, offset and length;
 * {@code planner_data} the keys that the name was joined of.
 */
final class DistributedMetadata {
    static final String FORMAT = "checkpoint of torch.distributed";

    /**
     * A part of a tensor, or an object, as {@code torch.save} wrote it.
     *
     * @param offsets of its first element in the tensor
     */
    record Piece(List<Long> offsets, List<Long> sizes, String file, long at, long length) {}

    /**
     * What stands under one name.
     *
     * @param keys that the name was joined of
     * @param type empty for an object that is no tensor, or of elements that cannot be read
     */
    record Entry(List<String> keys, boolean tensor, Optional<ElementType> type, Shape shape, List<Piece> pieces) {}

    private final Map<String, Map<List<Long>, PickleObject>> places = new HashMap<>();

    private DistributedMetadata() {}

    /**
     * Reads the file.
     *
     * @throws FormatException if it is missing or damaged, or a piece is in no file
     */
    static Map<String, Entry> read(Path path) {
        try (FileChannel channel = FileChannel.open(path)) {
            FileRegion file = new FileRegion(path, channel, 0, channel.size());
            Object root = new PickleReader(file, 0, FORMAT, new TorchConstructors()).read();
            return new DistributedMetadata().entries(root);
        } catch (IOException e) {
            throw FormatException.unreadable(path, e);
        } catch (IllegalArgumentException | ArithmeticException | ClassCastException | NullPointerException e) {
            throw FormatException.bad(
                    path, FORMAT, e instanceof IllegalArgumentException ? e.getMessage() : "its parts do not fit");
        }
    }

    private Map<String, Entry> entries(Object root) {
        if (!(root instanceof PickleObject metadata)
                || !(metadata.state().get("state_dict_metadata") instanceof Map<?, ?> names)
                || !(metadata.state().get("storage_data") instanceof Map<?, ?> storage)) {
            throw new IllegalArgumentException("no lists of tensors and of places");
        }
        storage.forEach((key, place) -> {
            Map<Object, Object> index = ((PickleObject) key).state();
            Object offset = index.get("offset");
            places.computeIfAbsent((String) index.get("fqn"), fqn -> new HashMap<>())
                    .put(offset == null ? List.of() : longs(offset), (PickleObject) place);
        });
        Map<?, ?> keys = metadata.state().get("planner_data") instanceof Map<?, ?> map ? map : Map.of();
        Map<String, Entry> entries = new LinkedHashMap<>();
        names.forEach((key, value) -> {
            String name = (String) key;
            List<String> parts = keys.get(name) instanceof PickleSequence sequence
                    ? sequence.items().stream().map(String::valueOf).toList()
                    : List.of(name);
            entries.put(name, entry(name, parts, (PickleObject) value));
        });
        return entries;
    }

    private Entry entry(String name, List<String> keys, PickleObject metadata) {
        if (!(metadata.state().get("chunks") instanceof PickleSequence chunks)) {
            return new Entry(keys, false, Optional.empty(), Shape.of(), List.of(piece(name, List.of(), List.of(), 0)));
        }
        Shape shape = shape(longs(metadata.state().get("size")));
        Optional<ElementType> type = type(metadata.state().get("properties"));
        int width = type.map(ElementType::bytes).orElse(0);
        List<Piece> pieces = new ArrayList<>();
        long elements = 0;
        for (Object chunk : chunks.items()) {
            Map<Object, Object> state = ((PickleObject) chunk).state();
            List<Long> sizes = longs(state.get("sizes"));
            List<Long> offsets = longs(state.get("offsets"));
            checkInside(name, shape, offsets, sizes);
            long size = shape(sizes).size();
            elements = Math.addExact(elements, size);
            pieces.add(piece(name, offsets, sizes, Math.multiplyExact(size, width)));
        }
        if (elements != shape.size()) {
            throw new IllegalArgumentException("the pieces of '" + name + "' have " + Counted.of(elements, "element")
                    + ", " + shape + " has " + shape.size());
        }
        return new Entry(keys, true, type, shape, pieces);
    }

    private static void checkInside(String name, Shape shape, List<Long> offsets, List<Long> sizes) {
        boolean inside = offsets.size() == shape.rank() && sizes.size() == shape.rank();
        for (int axis = 0; inside && axis < shape.rank(); axis++) {
            inside = offsets.get(axis) >= 0
                    && sizes.get(axis) >= 0
                    && offsets.get(axis) <= shape.dim(axis) - sizes.get(axis);
        }
        if (!inside) {
            throw new IllegalArgumentException(
                    "a piece " + sizes + " at " + offsets + " is not inside '" + name + "' " + shape);
        }
    }

    /** The bytes of a piece are not compressed, so that there are at least as many as its elements need. */
    private Piece piece(String name, List<Long> offsets, List<Long> sizes, long bytes) {
        PickleObject place = places.getOrDefault(name, Map.of()).get(offsets);
        if (place == null) {
            throw new IllegalArgumentException("the piece of '" + name + "' at " + offsets + " is in no file");
        }
        String file = (String) place.state().get("relative_path");
        long at = (Long) place.state().get("offset");
        long length = (Long) place.state().get("length");
        if (!FileName.isPlain(file)) {
            throw new IllegalArgumentException("the file '" + file + "' of '" + name + "' is not in this folder");
        }
        if (place.state().get("transform_descriptors") instanceof PickleSequence transforms
                && !transforms.items().isEmpty()) {
            throw new IllegalArgumentException("'" + name + "' is compressed by an extension; save it without");
        }
        if (at < 0 || length < bytes) {
            throw new IllegalArgumentException("a piece of '" + name + "' needs " + Counted.of(bytes, "byte")
                    + " and has " + length + " at " + at);
        }
        return new Piece(offsets, sizes, file, at, length);
    }

    private static Optional<ElementType> type(Object properties) {
        return properties instanceof PickleObject object
                        && object.otherState() instanceof PickleSequence state
                        && !state.items().isEmpty()
                        && state.items().get(0) instanceof PickleGlobal type
                ? TorchConstructors.type(type)
                : Optional.empty();
    }

    private static Shape shape(List<Long> dims) {
        return Shape.of(dims.stream().mapToLong(Long::longValue).toArray());
    }

    private static List<Long> longs(Object sequence) {
        return ((PickleSequence) sequence)
                .items().stream().map(item -> (Long) item).toList();
    }
}
