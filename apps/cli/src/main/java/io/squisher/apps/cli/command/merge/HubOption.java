package io.squisher.apps.cli.command.merge;

import io.squisher.SquisherException;
import io.squisher.apps.cli.model.ModelOptions;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.OutputGuard;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.plan.Problems;
import io.squisher.files.SameFile;
import io.squisher.format.hub.HubFolder;
import io.squisher.format.hub.HubVocabulary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.Option;

/**
 * {@code --hub}: configuration and tokenizer of the first model, and a card, go beside the merged one. Vocabularies are compared
 * with it and without it: rows of embeddings that stand for different tokens have no mean.
 */
final class HubOption {
    private static final String OPTION = "hub";

    private HubOption() {}

    static Option declare() {
        return Flags.bare(
                OPTION,
                "copy configuration and tokenizer from the folder of the first model (or of --base, if that one has none)"
                        + " beside the output, with a card README.md");
    }

    /**
     * Compares the tokenizers of all folders that have one.
     *
     * @throws SquisherException if the same number stands for different tokens, unless {@code allowed}
     */
    static void checkVocabularies(List<ModelOptions> files, boolean allowed) {
        if (allowed) {
            return;
        }
        List<HubVocabulary> vocabularies = new ArrayList<>();
        for (ModelOptions model : files) {
            HubFolder.of(model.model()).flatMap(HubFolder::vocabulary).ifPresent(vocabularies::add);
        }
        Problems problems = new Problems("cannot merge");
        for (int i = 1; i < vocabularies.size(); i++) {
            vocabularies
                    .get(0)
                    .difference(vocabularies.get(i))
                    .ifPresent(difference -> problems.add(difference
                            + "; merge models of one tokenizer, or pass --allow-other-model if their rows are in one order all the"
                            + " same"));
        }
        problems.throwIfAny();
    }

    /**
     * The folder that is completed, if that was asked for.
     *
     * @throws SquisherException if no folder has a configuration, or files of others are in the way
     */
    static Optional<MergedFolder> of(Values values, MergeSettings settings) {
        if (!values.has(OPTION)) {
            return Optional.empty();
        }
        List<HubFolder> folders = settings.files().stream()
                .map(model -> HubFolder.of(model.model()))
                .flatMap(Optional::stream)
                .toList();
        if (folders.isEmpty()) {
            throw values.wrong("--hub copies the configuration of a model, and none of these stands in a folder with a "
                    + HubFolder.CONFIGURATION);
        }
        Optional<Path> target =
                values.place().map(output -> output.path().toAbsolutePath().getParent());
        target.ifPresent(folder -> folders.stream()
                .filter(source -> SameFile.is(source.path(), folder))
                .findFirst()
                .ifPresent(source -> {
                    throw new SquisherException("cannot write beside the model '" + source
                            + "' with --hub: its configuration and card are there; give an output in another folder");
                }));
        MergedFolder merged = MergedFolder.of(settings, folders.get(0));
        target.ifPresent(folder -> merged.check(folder, values.has(OutputGuard.FORCE)));
        return Optional.of(merged);
    }
}
