package io.squisher.format.pytorch;

import io.squisher.files.FileRegion;
import io.squisher.tensor.ElementType;
import java.util.Optional;

/** The bytes that tensors are views of; in the older container their place is known only after all tensors were read. */
final class TorchStorage {
    private final String key;
    private final Optional<ElementType> type;
    private final long elements;
    private FileRegion region;

    /**
     * A storage.
     *
     * @param type absent for untyped storages, whose elements are bytes
     */
    TorchStorage(String key, Optional<ElementType> type, long elements) {
        this.key = key;
        this.type = type;
        this.elements = elements;
    }

    String key() {
        return key;
    }

    Optional<ElementType> type() {
        return type;
    }

    long bytes() {
        return Math.multiplyExact(elements, type.map(ElementType::bytes).orElse(1));
    }

    FileRegion region() {
        return region;
    }

    void place(FileRegion place) {
        this.region = place;
    }
}
