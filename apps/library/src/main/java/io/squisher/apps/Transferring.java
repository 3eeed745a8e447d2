package io.squisher.apps;

import io.squisher.SquisherException;
import io.squisher.apps.map.MapPlan;
import io.squisher.apps.map.Mapping;
import io.squisher.fisher.FisherFile;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A Fisher goes from the names of one file to those of another with the same weights, such as from a checkpoint to its ONNX
 * export; values decide which is which:
 *
 * <pre>{@code
 * Transferring.of(squisher).from(checkpoint).to(model).writeTo(mapped);
 * }</pre>
 *
 * <p>Not for several threads at once.
 */
public final class Transferring {
    private static final String TASK = "cannot map the Fisher";

    private final Path fisher;
    private Optional<Path> weights = Optional.empty();
    private Optional<Path> target = Optional.empty();
    private boolean partial;

    private Transferring(Path fisher) {
        this.fisher = fisher;
    }

    /** The transfer of a Fisher or Squisher. */
    public static Transferring of(Path fisher) {
        return new Transferring(fisher);
    }

    /** The weights that the Fisher belongs to, under its names. */
    public Transferring from(Path file) {
        weights = Optional.of(file);
        return this;
    }

    /** The file whose parameters the result is for. */
    public Transferring to(Path file) {
        target = Optional.of(file);
        return this;
    }

    /** Writes what was found although parameters of the target got no Fisher. */
    public Transferring allowPartial() {
        partial = true;
        return this;
    }

    /**
     * Finds the counterparts and writes the Fisher under their names.
     *
     * @throws SquisherException if the Fisher belongs to other weights, nothing is found, or a parameter got no Fisher
     */
    public Written writeTo(Path output) {
        Path own = OpenFiles.required(weights, TASK, "from(file)");
        Path other = OpenFiles.required(target, TASK, "to(file)");
        OpenFiles.checkSafetensors(output, "a Fisher", List.of(fisher, own, other));
        try (OpenFiles open = new OpenFiles()) {
            List<WeightSource> files = open.models(List.of(own, other));
            open.throwIfAny();
            FisherFile file = open.keep(FisherFile.open(fisher));
            MapPlan plan = Mapping.plan(file.diagonal(), files.get(0), files.get(1));
            List<String> missing = plan.unmatched().entrySet().stream()
                    .map(entry -> "'" + entry.getKey() + "': " + entry.getValue())
                    .toList();
            if (!missing.isEmpty() && !partial) {
                throw new SquisherException(TASK + ": parameters of '" + other + "' got none: "
                        + String.join("; ", missing) + "; allowPartial() writes the others");
            }
            FisherFile.write(output, plan.diagonal());
            return new Written(output, plan.matches().size() + " tensors", missing);
        }
    }

    /** What is transferred. */
    @Override
    public String toString() {
        return "transfer of " + fisher + ": call writeTo(file)";
    }
}
