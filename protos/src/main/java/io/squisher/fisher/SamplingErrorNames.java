package io.squisher.fisher;

import io.squisher.proto.Provenance;
import io.squisher.proto.SamplingError;
import java.util.Collection;
import java.util.Map;

/** The standard errors in a provenance, when tensors get other names. */
public final class SamplingErrorNames {
    private SamplingErrorNames() {}

    /**
     * Those of tensors that are made of a file's. One that is made of several has an error of its own, which nobody knows.
     *
     * @param madeOf for each new tensor, the names in the file that it comes from
     */
    public static void regroup(Provenance.Builder provenance, Map<String, ? extends Collection<String>> madeOf) {
        if (!provenance.hasSamplingError()) {
            return;
        }
        SamplingError old = provenance.getSamplingError();
        SamplingError.Builder renamed = provenance.getSamplingErrorBuilder().clearRelative();
        madeOf.forEach((tensor, sources) -> {
            String source = sources.iterator().next();
            if (sources.size() == 1 && old.containsRelative(source)) {
                renamed.putRelative(tensor, old.getRelativeOrThrow(source));
            }
        });
    }
}
