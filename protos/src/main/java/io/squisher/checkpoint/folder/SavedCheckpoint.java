package io.squisher.checkpoint.folder;

import java.nio.file.Path;
import java.util.OptionalDouble;

/**
 * A pair of checkpoint and accumulators in a managed folder.
 *
 * @param prefix what the names of its files begin with
 * @param step the training step that it was saved at
 * @param metric how good the model was, where the loop said
 */
public record SavedCheckpoint(Path prefix, long step, OptionalDouble metric) {
    /** The name that the state file knows it by. */
    public String name() {
        return prefix.getFileName().toString();
    }
}
