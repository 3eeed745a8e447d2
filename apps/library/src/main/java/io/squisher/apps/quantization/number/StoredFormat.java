package io.squisher.apps.quantization.number;

import java.util.List;

/** The type that a tensor has already: nothing is rounded. */
public record StoredFormat() implements NumberFormat {
    @Override
    public String word() {
        return "stored";
    }

    @Override
    public List<Granularity> granularities() {
        return List.of();
    }
}
