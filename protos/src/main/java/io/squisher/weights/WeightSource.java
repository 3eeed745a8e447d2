package io.squisher.weights;

import io.squisher.SquisherException;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** The named tensors of a model file, open for reading; values are read when asked for. */
public interface WeightSource extends AutoCloseable {
    /** The file that was opened. */
    Path path();

    /** The format it is in. */
    WeightFormat format();

    /** The tensors' names, in the file's order. */
    Set<String> names();

    /**
     * A tensor by name, readable until {@link #close()}.
     *
     * @throws SquisherException if the file has no such tensor
     */
    Tensor tensor(String name);

    /** What the tensor is for; a format that does not say so calls every floating-point tensor a parameter. */
    Role role(String name);

    /**
     * Whether the names stand in the order in which the model made its parameters, which is how optimizers number them.
     * Most formats sort.
     */
    default boolean isInOrder() {
        return false;
    }

    /** Second names of tensors that the file holds once under several: name to the first name. */
    default Map<String, String> aliases() {
        return Map.of();
    }

    /** Tensors of the file that are left out, since they cannot be read: name to the type, or what they lack. */
    default Map<String, String> unread() {
        return Map.of();
    }

    /** String metadata of the file. */
    Map<String, String> metadata();

    @Override
    void close();

    /** The error for a name that is not in this file. */
    default SquisherException missing(String name) {
        return new SquisherException(
                "'" + path() + "' has no tensor '" + name + "'; 'squisher inspect' lists those it has");
    }
}
