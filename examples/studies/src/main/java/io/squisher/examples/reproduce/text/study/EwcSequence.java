package io.squisher.examples.reproduce.text.study;

import io.squisher.SquisherException;
import io.squisher.apps.ewc.Consolidation;
import io.squisher.apps.ewc.EwcOptions;
import io.squisher.apps.ewc.EwcPenalty;
import io.squisher.apps.ewc.EwcTask;
import io.squisher.apps.ewc.FisherImportance;
import io.squisher.apps.ewc.Importance;
import io.squisher.apps.ewc.UniformImportance;
import io.squisher.examples.reproduce.setting.OpenFiles;
import io.squisher.examples.reproduce.text.model.Bodies;
import io.squisher.examples.reproduce.text.model.FineTuning;
import io.squisher.examples.reproduce.text.model.TextModels;
import io.squisher.examples.reproduce.text.model.TunedModel;
import io.squisher.examples.reproduce.text.task.TaskSample;
import io.squisher.examples.reproduce.text.task.TextTask;
import io.squisher.fisher.FisherScale;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.fisher.FisherKind;
import io.squisher.onnx.training.OnnxTrainer;
import io.squisher.onnx.training.penalty.Penalty;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Tasks that one encoder learns one after the other.
 *
 * @param scratch for models; those of an earlier sequence are overwritten
 */
record EwcSequence(TextModels models, List<TextTask> tasks, long seed, Path scratch) {
    static final String NONE = "no penalty";
    static final String IDENTITY = "identity";

    /** Faster than in the other settings, so that there is something to forget. */
    static final FineTuning TRAINING = FineTuning.USUAL.withEpochs(1).withRate(2e-4);

    /** A penalty for each task around its own weights, the heads left out. */
    private static final EwcOptions OPTIONS = new EwcOptions(EwcOptions.Mode.SEPARATE, 1, Optional.of(Bodies.HEAD));

    /** Mean validation accuracy over the tasks after the last, percent; 0 where a training diverges under so strong a penalty. */
    double validated(String method, double lambda) {
        try {
            return accuracy(learned(method, lambda), TaskSample::validation);
        } catch (SquisherException e) {
            if (e.getMessage().contains("diverged")) {
                return 0;
            }
            throw e;
        }
    }

    /** Mean test accuracy over the tasks after the last, percent. */
    double tested(String method, double lambda) {
        return accuracy(learned(method, lambda), TaskSample::test);
    }

    /** A task's model after it was learned, and the diagonal that holds it, if one does. */
    private record Learned(Path model, Optional<Path> diagonal) {}

    private List<Learned> learned(String method, double lambda) {
        List<Learned> learned = new ArrayList<>();
        Path body = models.encoder().model();
        for (TextTask task : tasks) {
            String stem = "task-" + learned.size();
            TaskSample sample = models.sample(task, seed);
            Path head = scratch.resolve(stem + "-head.onnx");
            models.withHead(body, sample, seed, head);
            TunedModel tuned = trained(head, sample, learned, method, lambda);
            boolean last = learned.size() == tasks.size() - 1;
            learned.add(new Learned(tuned.model(), last ? Optional.empty() : diagonal(tuned, sample, method, stem)));
            body = tuned.model();
        }
        return learned;
    }

    private TunedModel trained(Path head, TaskSample sample, List<Learned> earlier, String method, double lambda) {
        Path target = scratch.resolve("task-" + earlier.size() + ".onnx");
        OnnxTrainer trainer = models.trainer(head, seed);
        if (earlier.isEmpty() || method.equals(NONE)) {
            return models.tune(trainer, sample.training(), TRAINING, target);
        }
        try (OpenFiles files = new OpenFiles()) {
            List<EwcTask> held = earlier.stream()
                    .map(task -> {
                        WeightSource weights = files.weights(task.model());
                        Importance importance = task.diagonal()
                                .<Importance>map(diagonal ->
                                        new FisherImportance(files.fisher(diagonal), FisherScale.BATCH_IF_KNOWN))
                                .orElseGet(() -> UniformImportance.identity(weights));
                        return new EwcTask(weights, importance, 1);
                    })
                    .toList();
            EwcPenalty penalty = Consolidation.of(held, OPTIONS);
            trainer.penalty(new Penalty(lambda, Optional.of(penalty.fisher()), Optional.of(penalty.anchor())));
            return models.tune(trainer, sample.training(), TRAINING, target);
        }
    }

    private Optional<Path> diagonal(TunedModel tuned, TaskSample sample, String method, String stem) {
        return switch (method) {
            case TextMethods.SQUISHER -> Optional.of(tuned.squisher());
            case TextMethods.FISHER -> {
                Path fisher = scratch.resolve(stem + ".fisher.safetensors");
                models.fisher(tuned.model(), sample, new FisherKind.Empirical(), fisher);
                yield Optional.of(fisher);
            }
            default -> Optional.empty();
        };
    }

    private double accuracy(List<Learned> learned, Function<TaskSample, Examples[]> texts) {
        Path body = learned.get(learned.size() - 1).model();
        double sum = 0;
        for (int i = 0; i < tasks.size(); i++) {
            Path model = Bodies.underHead(body, learned.get(i).model(), scratch.resolve("under-head.onnx"));
            sum += models.accuracy(model, texts.apply(models.sample(tasks.get(i), seed)));
        }
        return sum / tasks.size();
    }
}
