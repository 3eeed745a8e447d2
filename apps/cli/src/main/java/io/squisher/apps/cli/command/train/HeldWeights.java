package io.squisher.apps.cli.command.train;

import io.squisher.SquisherException;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.Values;
import io.squisher.files.Opening;
import io.squisher.fisher.FisherFile;
import io.squisher.format.WeightFormats;
import io.squisher.onnx.training.OnnxTrainer;
import io.squisher.onnx.training.penalty.Penalty;
import io.squisher.proto.Provenance;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.Options;

/** What keeps weights where they are, wholly or by a penalty. Its files are open until the training is over. */
final class HeldWeights implements AutoCloseable {
    private final Opening files = new Opening();

    static void declareIn(Options options) {
        options.addOption(Flags.value(
                        "freeze",
                        "REGEX",
                        Domain.REGEX.repeated(),
                        "parameters that keep their values (found anywhere in the name)"))
                .addOption(Flags.path("mask", "FILE", "train only the entries that a mask has a 1 for"))
                .addOption(Flags.value(
                        "lambda",
                        "L",
                        Domain.NOT_NEGATIVE,
                        "hold the weights by a penalty, L/2 sum s (theta - theta*)^2: s is --ewc, or 1"))
                .addOption(Flags.path("ewc", "FISHER", "the strength of the penalty, as 'ewc' or 'fisher' writes it"))
                .addOption(Flags.path(
                        "anchor", "FILE", "the weights theta* of --ewc; default those that the training starts from"));
    }

    /** Gives a trainer what the options say. */
    void give(Values values, List<String> frozen, OnnxTrainer trainer) {
        frozen.forEach(trainer::freeze);
        values.path("mask").ifPresent(trainer::mask);
        Optional<Path> ewc = values.path("ewc");
        Optional<Double> lambda = values.number("lambda");
        if (ewc.isPresent() && lambda.isEmpty()) {
            throw values.wrong("--ewc needs --lambda, its strength");
        }
        Optional<Path> anchor = values.path("anchor");
        if (anchor.isPresent() && ewc.isEmpty()) {
            throw values.wrong("--anchor goes with --ewc");
        }
        lambda.ifPresent(strength -> trainer.penalty(
                ewc.map(file -> consolidation(strength, file, anchor)).orElseGet(() -> Penalty.anchor(strength))));
    }

    private Penalty consolidation(double lambda, Path fisher, Optional<Path> anchor) {
        FisherFile file = files.add(FisherFile.open(fisher));
        if (file.diagonal().provenance().getKind() == Provenance.Kind.ACCUMULATOR) {
            throw new SquisherException("'" + fisher
                    + "' is a Squisher, whose scale is its optimizer's: 'squisher ewc' makes a penalty of it");
        }
        return anchor.map(path -> Penalty.ewc(lambda, file.diagonal(), weights(path)))
                .orElseGet(() -> Penalty.ewc(lambda, file.diagonal()));
    }

    private Map<String, Tensor> weights(Path path) {
        WeightSource source = files.add(WeightFormats.open(path));
        Map<String, Tensor> weights = new LinkedHashMap<>();
        source.names().forEach(name -> weights.put(name, source.tensor(name)));
        return weights;
    }

    @Override
    public void close() {
        files.close();
    }
}
