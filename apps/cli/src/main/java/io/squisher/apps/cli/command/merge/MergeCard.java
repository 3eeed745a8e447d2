package io.squisher.apps.cli.command.merge;

import io.squisher.OneLine;
import io.squisher.Version;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.merge.MergeInput;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.internal.gson.GsonBuilder;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import io.squisher.proto.Accumulator;
import io.squisher.proto.Provenance;
import io.squisher.weights.ContentHash;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The card of a merged model: how it was merged, of which models and Fishers with their content hashes, and the recipe. Folders
 * are named without what they stand in.
 */
final class MergeCard {
    static final String NAME = "README.md";

    /** By which a card of ours is known. */
    static final String MARK = "Merged with Squisher ";

    private final MergeSettings settings;
    private final List<MergeInput> models;
    private final Map<String, String> metadata;

    /**
     * A card.
     *
     * @param metadata what the merged model says of itself; JSON objects by key
     */
    MergeCard(MergeSettings settings, List<MergeInput> models, Map<String, String> metadata) {
        this.settings = settings;
        this.models = models;
        this.metadata = metadata;
    }

    String text(String title) {
        StringBuilder card = new StringBuilder("---\ntags:\n- merge\n- squisher\n---\n\n");
        card.append("# ").append(OneLine.of(title)).append("\n\n");
        card.append(MARK).append(Version.text()).append(", method `");
        card.append(Values.spellConstant(settings.method())).append("`.\n\n");
        card.append("| model | content hash of its weights | weight |\n| --- | --- | --- |\n");
        for (int i = 0; i < models.size(); i++) {
            MergeInput model = models.get(i);
            row(
                    card,
                    name(settings.models().get(i).model()),
                    hash(model.weights()),
                    model.share().toString());
        }
        settings.base().ifPresent(base -> row(card, name(base.model()), "", "base"));
        fishers(card);
        card.append("\n## Recipe\n\n");
        settings.recipe().ifPresent(text -> block(card, "yaml", text));
        metadata.forEach((key, value) -> {
            card.append("Metadata `").append(key).append("`:\n\n");
            block(card, "json", pretty(value));
        });
        card.append(
                "A content hash is the SHA-256 over names, types, shapes and checksums of tensors; `squisher inspect`\n");
        card.append("prints what a Fisher's file says of its origin.\n");
        return card.toString();
    }

    private void fishers(StringBuilder card) {
        if (models.stream().noneMatch(model -> model.fisher().isPresent())) {
            return;
        }
        card.append("\n| Fisher | of | kind | content hash | made for weights |\n| --- | --- | --- | --- | --- |\n");
        for (int i = 0; i < models.size(); i++) {
            String model = name(settings.models().get(i).model());
            models.get(i)
                    .fisher()
                    .ifPresent(fisher -> row(
                            card,
                            fisher.fileName(),
                            model,
                            origin(fisher),
                            hash(fisher.diagonal()),
                            fisher.diagonal().provenance().getWeightsHash()));
        }
    }

    /** What the numbers are: the kind, the optimizer of an accumulator, and of how many examples. */
    private static String origin(NamedFisher fisher) {
        Provenance provenance = fisher.diagonal().provenance();
        Accumulator accumulator = provenance.getAccumulator();
        String optimizer = accumulator.getOptimizer().isEmpty() ? "" : " of " + accumulator.getOptimizer();
        String examples = fisher.dataSize() > 0 ? ", " + fisher.dataSize() + " examples" : "";
        return fisher.kind() + optimizer + examples;
    }

    private static String hash(WeightSource weights) {
        return ContentHash.of(weights.names(), weights::tensor);
    }

    private static String hash(FisherDiagonal diagonal) {
        return ContentHash.of(diagonal.names(), diagonal::tensor);
    }

    private static String name(Path path) {
        return String.valueOf(path.toAbsolutePath().normalize().getFileName());
    }

    private static void row(StringBuilder card, String... cells) {
        for (String cell : cells) {
            card.append("| ").append(OneLine.of(cell).replace("|", "\\|")).append(' ');
        }
        card.append("|\n");
    }

    private static void block(StringBuilder card, String language, String text) {
        card.append("```").append(language).append('\n').append(text.strip()).append("\n```\n\n");
    }

    private static String pretty(String json) {
        JsonObject object = JsonParser.parseString(json).getAsJsonObject();
        return new GsonBuilder()
                .setPrettyPrinting()
                .disableHtmlEscaping()
                .create()
                .toJson(object);
    }
}
