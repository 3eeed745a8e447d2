package io.squisher.apps;

import io.squisher.Version;
import io.squisher.apps.ewc.EwcOptions;
import io.squisher.apps.ewc.EwcOptions.Mode;
import io.squisher.apps.ewc.EwcPenalty;
import io.squisher.apps.ewc.EwcTask;
import io.squisher.files.AtomicFile;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.internal.gson.JsonArray;
import io.squisher.proto.Provenance;
import io.squisher.proto.Source;
import io.squisher.weights.ContentHash;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A penalty on disk, in two safetensors files.
 *
 * @param fisher the consolidated Fisher
 * @param anchor its centre
 */
public record PenaltyFiles(Path fisher, Path anchor) {
    /**
     * Writes both or none: a Fisher without its centre is worth nothing, and neither is a centre alone.
     *
     * @param tasks what the penalty was made of
     * @param strength a note on λ, if there is one
     */
    public void write(EwcPenalty penalty, List<EwcTask> tasks, EwcOptions options, Optional<String> strength) {
        Provenance provenance = notes(tasks, options, strength)
                .setFormatVersion(FisherFile.FORMAT_VERSION)
                .setKind(Provenance.Kind.COMBINED)
                .setReduction(Provenance.Reduction.MEAN)
                .setWeightsHash(ContentHash.of(penalty.anchor().keySet(), penalty.anchor()::get))
                .setToolVersion(Version.text())
                .setCreated(Instant.now().toString())
                .build();
        JsonArray variant = new JsonArray();
        for (int i = 0; i < provenance.getNotesCount(); i++) {
            variant.add(provenance.getNotes(i));
        }
        Map<String, String> metadata = Map.of("squisher.ewc", variant.toString());
        FisherDiagonal diagonal = new FisherDiagonal(penalty.fisher(), provenance);
        try (AtomicFile centre = SafetensorsWriter.prepare(anchor, penalty.anchor(), metadata);
                AtomicFile sum = FisherFile.prepare(fisher, diagonal, Map.of())) {
            AtomicFile.commit(List.of(centre, sum));
        }
    }

    /** The variant in words, and the files. */
    private static Provenance.Builder notes(List<EwcTask> tasks, EwcOptions options, Optional<String> strength) {
        Provenance.Builder notes = Provenance.newBuilder()
                .addNotes("EWC " + options.mode().name().toLowerCase(Locale.ROOT)
                        + (options.mode() == Mode.ONLINE ? ", decay " + options.decay() : ""));
        options.exclude().ifPresent(pattern -> notes.addNotes("not held: " + pattern.pattern()));
        strength.ifPresent(notes::addNotes);
        for (EwcTask task : tasks) {
            notes.addSources(Source.newBuilder()
                    .setFile(task.weights().path().getFileName().toString()));
            notes.addNotes(
                    "weight " + task.weight() + " of " + task.importance().name());
        }
        return notes;
    }
}
