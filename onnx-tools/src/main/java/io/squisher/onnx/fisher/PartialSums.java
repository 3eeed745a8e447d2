package io.squisher.onnx.fisher;

import io.squisher.SquisherException;
import io.squisher.files.FormatException;
import io.squisher.format.safetensors.SafetensorsFile;
import io.squisher.format.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The sums of an estimation that is under way, saved now and then beside its output, so that it can go on after an
 * interruption. Going on gives the numbers of an uninterrupted run, bit for bit.
 */
public final class PartialSums {
    private static final String REQUEST_KEY = "squisher.request";
    private static final String DONE_KEY = "squisher.done";

    private final Path file;
    private final String request;

    private PartialSums(Path file, String request) {
        this.file = file;
        this.request = request;
    }

    /** Partial sums of a plan whose result will be {@code output}. */
    public static PartialSums beside(Path output, FisherPlan plan) {
        return new PartialSums(output.resolveSibling(output.getFileName() + ".partial"), plan.fingerprint());
    }

    /**
     * Loads what was saved.
     *
     * @return the number of examples that are in {@code sums}; empty where nothing was saved
     * @throws SquisherException if it was saved for another request
     */
    Optional<Long> load(SquareAccumulator sums) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (SafetensorsFile saved = SafetensorsFile.open(file)) {
            if (!request.equals(saved.metadata().get(REQUEST_KEY))) {
                throw new SquisherException(
                        "'" + file + "' holds the beginning of another estimation (model, data, kind or"
                                + " batch size differ); delete it, or choose another output");
            }
            saved.tensors().forEach((name, tensor) -> sums.restore(name, tensor.toDoubles()));
            return Optional.of(Long.parseLong(saved.metadata().get(DONE_KEY)));
        }
    }

    /** Saves, atomically, the sums over the first {@code done} examples. */
    void save(SquareAccumulator sums, long done) {
        SafetensorsWriter.write(file, sums.flat(), Map.of(REQUEST_KEY, request, DONE_KEY, Long.toString(done)));
    }

    /** Removes what was saved, once the result is safe. */
    public void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw FormatException.unwritable(file, e);
        }
    }
}
