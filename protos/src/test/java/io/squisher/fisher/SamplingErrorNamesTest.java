package io.squisher.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.squisher.proto.Provenance;
import io.squisher.proto.SamplingError;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SamplingErrorNamesTest {
    @Test
    void errorsFollowTheirTensors() {
        Provenance.Builder provenance = Provenance.newBuilder()
                .setSamplingError(SamplingError.newBuilder()
                        .setPieces(5)
                        .putRelative("a", 0.1)
                        .putRelative("b", 0.2));
        SamplingErrorNames.regroup(
                provenance, Map.of("x", List.of("a"), "both", List.of("a", "b"), "y", List.of("nothing")));
        assertEquals(Map.of("x", 0.1), provenance.getSamplingError().getRelativeMap());
        assertEquals(5, provenance.getSamplingError().getPieces());
    }

    @Test
    void whatHasNoneGetsNone() {
        Provenance.Builder provenance = Provenance.newBuilder();
        SamplingErrorNames.regroup(provenance, Map.of("x", List.of("a")));
        assertFalse(provenance.hasSamplingError());
    }
}
