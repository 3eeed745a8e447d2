package io.squisher.apps.quantization;

import io.squisher.SquisherException;
import io.squisher.weights.Role;
import io.squisher.weights.WeightSource;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which tensors are rounded: floating-point parameters of at least two axes. Biases and scales are few and touchy. */
final class Eligible {
    private Eligible() {}

    /** Their names, in ascending order, so that no result depends on the order of a file. */
    static List<String> of(WeightSource model, Optional<Pattern> exclude) {
        List<String> names = model.names().stream()
                .filter(name -> model.role(name) == Role.PARAMETER)
                .filter(name -> model.tensor(name).type().isFloating())
                .filter(name -> model.tensor(name).shape().rank() >= 2)
                .filter(name -> model.tensor(name).size() > 0)
                .filter(name ->
                        exclude.map(pattern -> !pattern.matcher(name).find()).orElse(true))
                .sorted()
                .toList();
        if (names.isEmpty()) {
            throw new SquisherException("'" + model.path()
                    + "' has no parameter to quantize: a floating-point tensor of at least two axes; see --exclude");
        }
        return names;
    }
}
