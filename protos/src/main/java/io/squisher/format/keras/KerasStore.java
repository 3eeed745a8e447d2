package io.squisher.format.keras;

import io.squisher.files.FormatException;
import io.squisher.format.hdf5.Hdf5File;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The datasets of a model and the attributes of its groups, with slashes between the parts of a path: Keras 2.13 to 2.15 wrote
 * {@code layers\dense/vars/0} on Windows, one group of that name.
 */
final class KerasStore implements AutoCloseable {
    private final Hdf5File file;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final Map<String, String> stored = new HashMap<>();

    KerasStore(Hdf5File file) {
        this.file = file;
        file.tensors().forEach((path, tensor) -> {
            // Numbered variables alone stand in such groups; the older container's names are the layers' own.
            boolean windows = path.contains("\\") && path.matches(".*/vars/[^/]+");
            String name = windows ? path.replace('\\', '/') : path;
            if (tensors.put(name, tensor) != null) {
                throw FormatException.bad(
                        file.path(), KerasFile.FORMAT, "'" + name + "' stands there with slashes and with backslashes");
            }
            for (int at = windows ? path.indexOf('/') : -1; at >= 0; at = path.indexOf('/', at + 1)) {
                stored.put(name.substring(0, at), path.substring(0, at));
            }
        });
    }

    /** The file that was opened. */
    Path path() {
        return file.path();
    }

    /** The numeric datasets by path, without the leading slash. */
    Map<String, Tensor> tensors() {
        return tensors;
    }

    /** A text attribute of the group at {@code group} (empty: the root). */
    Optional<String> attribute(String group, String name) {
        return attributes(group, name).stream().findFirst();
    }

    /** A list of texts in an attribute; one text is a list of one. */
    List<String> attributes(String group, String name) {
        return file.attributes(stored.getOrDefault(group, group), name);
    }

    @Override
    public void close() {
        file.close();
    }
}
