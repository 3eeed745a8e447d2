package io.squisher.format.pytorch;

import io.squisher.files.FileRegion;
import io.squisher.format.pickle.PickleGlobal;
import io.squisher.tensor.ElementType;
import java.util.Optional;

/** The bytes that tensors are views of; in the older container their place is known only after all tensors were read. */
final class TorchStorage {
    private final String key;
    private final PickleGlobal declared;
    private final Optional<ElementType> type;
    private final int width;
    private final long elements;
    private FileRegion region;

    /**
     * A storage.
     *
     * @param declared its class, for messages
     * @param type absent where elements are bytes, or of a type that cannot be read
     * @param width bytes of an element; 0 where that is not known
     */
    TorchStorage(String key, PickleGlobal declared, Optional<ElementType> type, int width, long elements) {
        this.key = key;
        this.declared = declared;
        this.type = type;
        this.width = width;
        this.elements = elements;
    }

    String key() {
        return key;
    }

    Optional<ElementType> type() {
        return type;
    }

    PickleGlobal declared() {
        return declared;
    }

    int width() {
        return width;
    }

    long elements() {
        return elements;
    }

    long bytes() {
        return Math.multiplyExact(elements, width);
    }

    FileRegion region() {
        return region;
    }

    void place(FileRegion place) {
        this.region = place;
    }
}
