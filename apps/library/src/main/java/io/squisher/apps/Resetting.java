package io.squisher.apps;

import io.squisher.Version;
import io.squisher.apps.mask.Reset;
import io.squisher.internal.gson.JsonObject;
import io.squisher.mask.MaskFile;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A fine-tuned model goes back to the model that it started from, but for what a mask keeps:
 *
 * <pre>{@code
 * Resetting.of(tuned).base(base).mask(mask).writeTo(sparse);
 * }</pre>
 *
 * <p>Not for several threads at once.
 */
public final class Resetting {
    private static final String TASK = "cannot reset";

    private final Path model;
    private Optional<Path> base = Optional.empty();
    private Optional<Path> mask = Optional.empty();

    private Resetting(Path model) {
        this.model = model;
    }

    /** The reset of a fine-tuned model in a file of any known format. */
    public static Resetting of(Path model) {
        return new Resetting(model);
    }

    /** The model that it was fine-tuned from, under the same names. */
    public Resetting base(Path file) {
        base = Optional.of(file);
        return this;
    }

    /** The mask; where it is 1, the fine-tuned value stays. */
    public Resetting mask(Path file) {
        mask = Optional.of(file);
        return this;
    }

    /**
     * Writes the model after the reset, in the format of the fine-tuned one.
     *
     * @throws io.squisher.SquisherException if names or shapes of the three do not agree
     */
    public Written writeTo(Path output) {
        Path start = OpenFiles.required(base, TASK, "base(file)");
        Path kept = OpenFiles.required(mask, TASK, "mask(file)");
        OpenFiles.checkModel(output, List.of(model, start, kept));
        try (OpenFiles open = new OpenFiles()) {
            List<WeightSource> models = open.models(List.of(model, start));
            open.throwIfAny();
            MaskFile masks = open.keep(MaskFile.open(kept));
            Map<String, Tensor> tensors = Reset.plan(models.get(0), models.get(1), masks.masks());
            JsonObject variant = new JsonObject();
            variant.addProperty("base", start.getFileName().toString());
            variant.addProperty("mask", kept.getFileName().toString());
            variant.addProperty("tool_version", Version.text());
            OpenFiles.write(output, models.get(0), tensors, Map.of("squisher.reset", variant.toString()));
            return new Written(output, tensors.size() + " parameters reset outside the mask", List.of());
        }
    }

    /** What is reset. */
    @Override
    public String toString() {
        return "reset of " + model + ": call writeTo(file)";
    }
}
