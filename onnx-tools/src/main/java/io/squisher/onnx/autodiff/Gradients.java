package io.squisher.onnx.autodiff;

import io.squisher.onnx.emit.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a rule returns: for each input position a gradient, or none where there is none to have. */
public final class Gradients {
    /** For operators through which no gradient passes. */
    public static final Gradients NONE = new Gradients(List.of());

    private final List<Optional<Value>> byPosition;

    private Gradients(List<Optional<Value>> byPosition) {
        this.byPosition = byPosition;
    }

    /** Gradients by position; null for an input without one. */
    public static Gradients of(Value... gradients) {
        return new Gradients(Arrays.stream(gradients).map(Optional::ofNullable).toList());
    }

    /** As {@link #of(Value...)}. */
    public static Gradients of(List<Value> gradients) {
        return of(gradients.toArray(Value[]::new));
    }

    public Optional<Value> at(int position) {
        return position < byPosition.size() ? byPosition.get(position) : Optional.empty();
    }

    public int size() {
        return byPosition.size();
    }
}
