package io.squisher.apps.plan;

import io.squisher.fisher.FisherDiagonal;
import io.squisher.proto.Accumulator;
import io.squisher.proto.Provenance;
import java.util.Locale;

/**
 * A diagonal and what messages call it.
 *
 * @param label its file, as the user gave it
 */
public record NamedFisher(String label, FisherDiagonal diagonal) {
    /** The file without its folders, as metadata name it. */
    public String fileName() {
        return label.substring(Math.max(label.lastIndexOf('/'), label.lastIndexOf('\\')) + 1);
    }

    /** The kind of Fisher, as metadata name it. */
    public String kind() {
        return diagonal.provenance().getKind().name().toLowerCase(Locale.ROOT);
    }

    /** Examples in the data set behind it, as far as its provenance knows; 0 where unknown. */
    public long dataSize() {
        Provenance provenance = diagonal.provenance();
        Accumulator accumulator = provenance.getAccumulator();
        return accumulator.getDatasetSize() > 0 ? accumulator.getDatasetSize() : provenance.getExampleCount();
    }
}
