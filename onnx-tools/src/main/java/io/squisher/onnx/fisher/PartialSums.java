package io.squisher.onnx.fisher;

import io.squisher.SquisherException;
import io.squisher.files.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The sums of an estimation that is under way, saved now and then beside its output, so that it can go on after an
 * interruption. Going on gives the numbers of an uninterrupted run, bit for bit. The file is one of {@link FisherSums}, with the data
 * and the batch size beside them.
 */
public record PartialSums(Path file) {
    private static final String PROGRESS_KEY = "squisher.progress";

    /** Partial sums of a result that will be {@code output}. */
    public static PartialSums beside(Path output) {
        return new PartialSums(output.resolveSibling(output.getFileName() + ".partial"));
    }

    /**
     * Loads what was saved.
     *
     * @return the sums over the first examples, in memory; empty where nothing was saved
     * @throws SquisherException if it was saved for another request
     */
    Optional<FisherSums> load(FisherPlan plan) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (FisherSumsFile saved = FisherSumsFile.open(file)) {
            FisherSums sums = saved.sums();
            Optional<String> difference = SumsHeaders.difference(plan.header(), sums.header())
                    .or(() -> plan.progress().equals(saved.metadata().get(PROGRESS_KEY))
                            ? Optional.empty()
                            : Optional.of("the data or the batch size differ"));
            if (difference.isPresent()
                    || !sums.tensors().keySet().equals(plan.parameters().keySet())) {
                throw new SquisherException("'" + file + "' holds the beginning of another estimation ("
                        + difference.orElse("the parameters differ") + "); delete it, or choose another output");
            }
            return Optional.of(sums.inMemory());
        }
    }

    /** Saves, atomically, the sums over the first examples. */
    void save(FisherPlan plan, FisherSums sums) {
        sums.write(file, Map.of(PROGRESS_KEY, plan.progress()));
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
