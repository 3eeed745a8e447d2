package io.squisher.apps.cli.command.train;

import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.OutputKind;
import io.squisher.apps.cli.option.Values;
import io.squisher.checkpoint.folder.Retention;
import io.squisher.onnx.training.OnnxTrainer;
import io.squisher.onnx.training.Pooling;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.apache.commons.cli.Options;

/** The options that say what is put behind the model, and how a training goes over its examples. */
final class LoopOptions {
    private static final int MOST_CLASSES = 1_000_000;
    private static final int MOST = 1 << 20;

    private LoopOptions() {}

    static void declareIn(Options options) {
        options.addOption(Flags.value(
                        "head",
                        "C",
                        Domain.countUpTo(MOST_CLASSES),
                        "add a linear layer for C classes behind the output, or behind --output"))
                .addOption(Flags.value(
                        "pool",
                        "P",
                        Domain.oneOf(Pooling.class),
                        "with --head: mean (over the tokens of attention_mask) or first (token) of an output with"
                                + " tokens; default none"))
                .addOption(
                        Flags.value("epochs", "E", Domain.countUpTo(MOST), "how often each example is seen; default 3"))
                .addOption(Flags.value("batch-size", "B", Domain.countUpTo(MOST), "examples at once; default 32"))
                .addOption(Flags.value(
                        "accumulate", "N", Domain.countUpTo(MOST), "batches whose gradients make one step; default 1"))
                .addOption(Flags.bare(
                        "train-mode", "batch statistics in normalizations, and dropouts that drop; default neither"))
                .addOption(Flags.value(
                        "patience",
                        "N",
                        Domain.countUpTo(MOST),
                        "stop after N epochs without a better validation loss, and keep the best epoch's weights"))
                .addOption(Flags.seed("fixes order, head and dropouts"))
                .addOption(Flags.outputFolder(
                        "checkpoints", OutputKind.CHECKPOINT_FOLDER, "keep the last checkpoint, and the best, there"))
                .addOption(Flags.value(
                        "checkpoint-every",
                        "N",
                        Domain.COUNT,
                        "a checkpoint after every N steps as well as after each epoch"))
                .addOption(Flags.bare("resume", "go on from the last of --checkpoints, if there is one"));
    }

    static void give(Values values, OnnxTrainer trainer) {
        Optional<Pooling> pooling = values.choice("pool", Pooling.class);
        if (pooling.isPresent() && !values.has("head")) {
            throw values.wrong("--pool goes with --head");
        }
        count(values, "head", classes -> trainer.head(classes, pooling.orElse(Pooling.NONE)));
        count(values, "epochs", trainer::epochs);
        count(values, "batch-size", trainer::batchSize);
        count(values, "accumulate", trainer::accumulate);
        count(values, "patience", trainer::earlyStopping);
        values.wholeNumber("seed").ifPresent(trainer::seed);
        if (values.has("train-mode")) {
            trainer.trainMode();
        }
        for (String option : new String[] {"checkpoint-every", "resume"}) {
            if (values.has(option) && !values.has("checkpoints")) {
                throw values.wrong("--" + option + " goes with --checkpoints");
            }
        }
        boolean validated =
                Stream.of("validation", "validation-text", "validation-images").anyMatch(values::has);
        if (values.has("patience") && !validated) {
            throw values.wrong("--patience goes with --validation, --validation-text or --validation-images");
        }
        values.outputPath("checkpoints").ifPresent(folder -> {
            Retention last = Retention.last(1);
            trainer.checkpoints(folder.path(), validated ? last.andLowest(1) : last);
            values.wholeNumber("checkpoint-every").ifPresent(trainer::checkpointEvery);
            if (values.has("resume")) {
                trainer.resume();
            }
        });
    }

    private static void count(Values values, String option, IntConsumer taker) {
        values.wholeNumber(option).map(Math::toIntExact).ifPresent(taker::accept);
    }
}
