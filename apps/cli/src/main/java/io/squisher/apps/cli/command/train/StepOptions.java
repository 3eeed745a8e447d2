package io.squisher.apps.cli.command.train;

import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.Values;
import io.squisher.onnx.training.OnnxTrainer;
import io.squisher.onnx.training.optimizer.Adam;
import io.squisher.onnx.training.optimizer.AdamW;
import io.squisher.onnx.training.optimizer.Optimizer;
import io.squisher.onnx.training.optimizer.RmsProp;
import io.squisher.onnx.training.optimizer.Schedule;
import io.squisher.onnx.training.optimizer.Sgd;
import java.util.List;
import org.apache.commons.cli.Options;

/** The options that say how a step of a training changes the weights. */
final class StepOptions {
    private static final double USUAL_RATE = 5e-5;
    private static final List<String> OPTIMIZERS = List.of("adam", "adamw", "rmsprop", "sgd");
    private static final List<String> SCHEDULES = List.of("constant", "linear", "cosine");

    private StepOptions() {}

    static void declareIn(Options options) {
        options.addOption(Flags.value("learning-rate", "R", Domain.POSITIVE, "the learning rate; default 5e-5"))
                .addOption(Flags.value(
                        "optimizer", "NAME", Domain.oneOf(OPTIMIZERS), "adam, adamw (default), rmsprop or sgd"))
                .addOption(Flags.value("momentum", "M", Domain.BELOW_ONE, "rmsprop and sgd: the momentum; default 0"))
                .addOption(Flags.value(
                        "schedule",
                        "S",
                        Domain.oneOf(SCHEDULES),
                        "how the learning rate goes: constant (default), linear or cosine, both down to 0"))
                .addOption(Flags.value(
                        "warm-up",
                        "SHARE",
                        Domain.BELOW_ONE,
                        "linear and cosine: the share of all steps over which the rate rises from 0; default 0"))
                .addOption(Flags.value(
                        "clip",
                        "NORM",
                        Domain.POSITIVE,
                        "scale a gradient of a larger norm, over all weights, down to it"))
                .addOption(Flags.value(
                        "weight-decay",
                        "D",
                        Domain.NOT_NEGATIVE,
                        "weight decay of matrices and kernels, of no bias and no scale; default 0"))
                .addOption(Flags.value(
                        "label-smoothing",
                        "SHARE",
                        Domain.BELOW_ONE,
                        "spread this share of each label over all classes"));
    }

    static void give(Values values, OnnxTrainer trainer) {
        trainer.optimizer(optimizer(values)).schedule(schedule(values));
        values.number("clip").ifPresent(trainer::clip);
        values.number("weight-decay").ifPresent(trainer::decay);
        values.number("label-smoothing").ifPresent(trainer::labelSmoothing);
    }

    private static Optimizer optimizer(Values values) {
        String name = values.text("optimizer").orElse("adamw");
        double rate = values.number("learning-rate").orElse(USUAL_RATE);
        double momentum = values.number("momentum").orElse(0.0);
        if (name.startsWith("adam") && values.has("momentum")) {
            throw values.wrong("--momentum goes with --optimizer rmsprop or sgd; " + name + " has its own");
        }
        return switch (name) {
            case "adam" -> Adam.of(rate);
            case "adamw" -> AdamW.of(rate);
            case "rmsprop" -> {
                RmsProp usual = RmsProp.of(rate);
                yield new RmsProp(rate, usual.alpha(), usual.epsilon(), momentum);
            }
            case "sgd" -> new Sgd(rate, momentum, false);
            default -> throw new IllegalStateException(name);
        };
    }

    private static Schedule schedule(Values values) {
        String name = values.text("schedule").orElse("constant");
        double warmUp = values.number("warm-up").orElse(0.0);
        return switch (name) {
            case "constant" -> {
                if (values.has("warm-up")) {
                    throw values.wrong("--warm-up goes with --schedule linear or cosine");
                }
                yield new Schedule.Constant();
            }
            case "linear" -> new Schedule.Linear(warmUp);
            case "cosine" -> new Schedule.Cosine(warmUp);
            default -> throw new IllegalStateException(name);
        };
    }
}
