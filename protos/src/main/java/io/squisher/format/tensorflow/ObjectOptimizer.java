package io.squisher.format.tensorflow;

import io.squisher.SquisherException;
import io.squisher.checkpoint.OptimizerFamily;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which optimizer of Keras it was: what its slots are called does not tell Adam from Adamax, but each slot's full name begins
 * with the optimizer's own, which is that of its class unless the program chose another.
 *
 * @param name for the provenance
 * @param isKnown whether the file says so; else its slots look like it
 */
record ObjectOptimizer(String name, boolean isKnown) {
    private static final Map<String, String> USABLE = Map.of(
            "adam", "Adam",
            "adamw", "AdamW",
            "nadam", "Nadam",
            "lamb", "Lamb",
            "rmsprop", "RMSprop",
            "adagrad", "Adagrad",
            "adadelta", "Adadelta",
            "ftrl", "Ftrl");

    /** Slots under these names hold squared gradients, and of what optimizer, if it does not say. */
    private static final Map<String, String> BY_SLOT = Map.of(
            "v", "Adam",
            "velocity", "Adam",
            "rms", "RMSprop",
            "accumulator", "Adagrad",
            "accum_grad", "Adadelta",
            "accumulated_grad", "Adadelta");

    /** The slots of squared gradients. */
    static final List<String> SLOTS = List.of("v", "velocity", "rms", "accumulator", "accum_grad", "accumulated_grad");

    /**
     * The optimizer of a slot.
     *
     * @param slot one of {@link #SLOTS}
     * @param fullNames what the program called the slots
     * @throws SquisherException if it keeps no average of squares under that name
     */
    static ObjectOptimizer of(Path file, String slot, Set<String> fullNames) {
        refuseUnusable(file, fullNames);
        return names(fullNames).stream()
                .filter(USABLE::containsKey)
                .findFirst()
                .map(name -> new ObjectOptimizer(USABLE.get(name), true))
                .orElseGet(() -> new ObjectOptimizer(BY_SLOT.get(slot), false));
    }

    /**
     * Refuses an optimizer that is known not to keep squares.
     *
     * @param fullNames what the program called its variables
     */
    static void refuseUnusable(Path file, Set<String> fullNames) {
        for (String fullName : fullNames) {
            // The first part that is known is the optimizer: a layer behind it may be called lion.
            start(fullName)
                    .flatMap(part -> OptimizerFamily.of(part).stream())
                    .findFirst()
                    .filter(family -> !family.isUsable())
                    .ifPresent(family -> {
                        throw new SquisherException("cannot convert '" + file + "': " + family.refusal());
                    });
        }
    }

    private static Set<String> names(Set<String> fullNames) {
        return fullNames.stream().flatMap(ObjectOptimizer::start).collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * The optimizer's name is the first part, or the second after TensorFlow 1's {@code training} or the optimizer that scales
     * the loss; copies are numbered, and Keras 3 writes {@code adam_w}.
     */
    private static Stream<String> start(String fullName) {
        return Stream.of(fullName.split("/", 3)).limit(2).map(part -> part.toLowerCase(Locale.ROOT)
                .replaceFirst("(_\\d+)+$", "")
                .replace("_", ""));
    }
}
