package io.squisher.examples.reproduce.text.model;

import io.squisher.examples.files.Folders;
import io.squisher.examples.reproduce.setting.Notes;
import io.squisher.examples.reproduce.text.task.Encoder;
import io.squisher.examples.reproduce.text.task.TaskSample;
import io.squisher.examples.reproduce.text.task.TextTask;
import io.squisher.fisher.FisherFile;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.evaluation.Evaluation;
import io.squisher.onnx.fisher.FisherEstimator;
import io.squisher.onnx.fisher.FisherKind;
import io.squisher.onnx.fisher.FisherListener;
import io.squisher.onnx.fisher.FisherRequest;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.onnx.training.OnnxTrainer;
import io.squisher.onnx.training.Pooling;
import io.squisher.onnx.training.TrainingResult;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The models that settings share: trained once for a task and a seed, and kept in a folder. What is there is not trained again.
 */
public final class TextModels {
    private static final double NANO = 1e-9;

    /** The head is trained first, on the encoder as it is: a random one would move the encoder far before it is right. */
    public static final int HEAD_EPOCHS = 4;

    private static final HeadTraining HEAD = new HeadTraining(HEAD_EPOCHS, 16, 1e-2);

    private static final Likelihood LIKELIHOOD = new Likelihood.Categorical(-1);

    /** Only a head is trained at first. */
    private static final String ALL_BUT_THE_HEAD = "^(?!head\\.)";

    private final Encoder encoder;
    private final TextSizes sizes;
    private final ModelFolder folder;
    private final RuntimeSettings runtime;
    private final Map<String, TaskSample> samples = new HashMap<>();

    /**
     * @param folder for models; others may use it at the same time
     * @param threads of an operator; 0 for one a core
     */
    public TextModels(Encoder encoder, TextSizes sizes, ModelFolder folder, int threads) {
        this.encoder = encoder;
        this.sizes = sizes;
        this.folder = folder;
        this.runtime = RuntimeSettings.CPU.withThreads(threads);
    }

    public Encoder encoder() {
        return encoder;
    }

    public TextSizes sizes() {
        return sizes;
    }

    /** What a seed draws of a task. */
    public TaskSample sample(TextTask task, long seed) {
        return samples.computeIfAbsent(
                task.name() + " " + seed,
                missing -> TaskSample.draw(
                        task, seed, sizes.drawn(), encoder, folder.of(seed).resolve(task.name())));
    }

    /** The few texts of a target that a task is transferred to, the first of those that a seed draws. */
    public TaskSample few(TextTask task, long seed) {
        return samples.computeIfAbsent(
                task.name() + " few " + seed,
                missing -> TaskSample.draw(
                        task,
                        seed,
                        sizes.drawn().withTraining(sizes.transfer()),
                        encoder,
                        folder.of(seed).resolve(task.name() + "-few")));
    }

    /** The encoder as it is, with a head that was trained on a task. */
    public Path probe(TextTask task, long seed) {
        return folder.kept(
                folder.of(seed).resolve(task.name() + "-head.onnx"),
                target -> withHead(encoder.model(), sample(task, seed), seed, target));
    }

    /** Puts a new head on an encoder, or in the place of a model's head, and trains nothing else on a task. */
    public void withHead(Path model, TaskSample sample, long seed, Path target) {
        withHead(model, sample.task(), sample.training(), seed, target);
    }

    /** As {@link #withHead(Path, TaskSample, long, Path)}, on other examples of the task. */
    public void withHead(Path model, TextTask task, Examples[] examples, long seed, Path target) {
        Folders.created(target.getParent());
        OnnxFile read = OnnxFile.read(model);
        OnnxFile headed = Heads.isIn(read) ? read : OnnxFile.read(headed(task, examples[0]));
        HEAD.train(this, headed, task.classes().size(), examples, seed, target);
    }

    /** The encoder as it is with a head that one text was shown to: another takes its place. */
    private Path headed(TextTask task, Examples examples) {
        return folder.kept(folder.file("encoder-with-head.onnx"), target -> trainer(encoder.model(), 0)
                .output(encoder.output())
                .head(task.classes().size(), Pooling.MEAN)
                .examples(examples.limit(1))
                .freeze(ALL_BUT_THE_HEAD)
                .epochs(1)
                .train(target));
    }

    /** The encoder fine-tuned on a task with the training that all settings share. */
    public TunedModel tuned(TextTask task, long seed) {
        Path model = folder.of(seed).resolve(task.name() + ".onnx");
        // The model is written before its Squisher: where that is, both are.
        Path squisher = folder.kept(TrainingResult.beside(model, TrainingResult.SQUISHER_SUFFIX), missing -> {
            TunedModel trained = tune(probe(task, seed), sample(task, seed), FineTuning.USUAL, seed, model);
            numbers(seed).number("seconds of " + task.name(), trained::seconds);
        });
        return new TunedModel(
                model,
                squisher,
                sample(task, seed).trainingTexts(),
                numbers(seed).number("seconds of " + task.name(), () -> Double.NaN));
    }

    /** Test accuracy of a task's fine-tuned model, percent. */
    public double accuracy(TextTask task, long seed) {
        return numbers(seed)
                .number(
                        "accuracy of " + task.name(),
                        () -> accuracy(
                                tuned(task, seed).model(), sample(task, seed).test()));
    }

    /**
     * How often a model is right, percent.
     *
     * @param sets of one length each
     */
    public double accuracy(Path model, Examples... sets) {
        OnnxFile file = OnnxFile.read(model);
        List<Evaluation> evaluations =
                Arrays.stream(sets).map(set -> evaluation(file, set)).toList();
        return 100 * Evaluation.run(evaluations).value();
    }

    Evaluation evaluation(OnnxFile model, Examples texts) {
        return Evaluation.of(model, texts, LIKELIHOOD).withOutputsAreLogits().withRuntime(runtime);
    }

    /** Numbers that several units of a seed share; what is there is not measured again. */
    public Notes numbers(long seed) {
        return folder.numbers(seed);
    }

    /** Trains a model with a head on what was drawn of its task. */
    public TunedModel tune(Path start, TaskSample sample, FineTuning training, long seed, Path target) {
        return tune(trainer(start, seed), sample.training(), training, target);
    }

    /** Trains with what a trainer has been told already: a mask, a penalty, other examples. */
    public TunedModel tune(OnnxTrainer trainer, Examples[] examples, FineTuning training, Path target) {
        Folders.created(target.getParent());
        long began = System.nanoTime();
        TrainingResult result = trainer.examples(examples)
                .optimizer(training.optimizer())
                .schedule(training.schedule())
                .decay(training.decay())
                .batchSize(training.batch())
                .epochs(training.epochs())
                .train(target);
        long texts = 0;
        for (Examples set : examples) {
            texts += set.count();
        }
        return new TunedModel(
                result.model(), result.squisher(), Math.toIntExact(texts), (System.nanoTime() - began) * NANO);
    }

    /** A trainer of a model, to be told more. */
    public OnnxTrainer trainer(Path model, long seed) {
        return OnnxTrainer.of(model).seed(seed).threads(runtime.threads());
    }

    /** The empirical Fisher of a task's fine-tuned model. */
    public Path fisher(TextTask task, long seed) {
        return folder.kept(
                folder.of(seed).resolve(task.name() + ".fisher.safetensors"),
                target -> fisher(tuned(task, seed).model(), sample(task, seed), new FisherKind.Empirical(), target));
    }

    /** The Fisher of a task's fine-tuned model, with a label drawn for each text. */
    public Path sampledFisher(TextTask task, long seed) {
        return folder.kept(
                folder.of(seed).resolve(task.name() + ".sampled.safetensors"),
                target ->
                        fisher(tuned(task, seed).model(), sample(task, seed), new FisherKind.Sampled(1, seed), target));
    }

    /** The empirical Fisher of the encoder as it is, under a head that was trained on a task. */
    public Path fisherBefore(TextTask task, long seed) {
        return folder.kept(
                folder.of(seed).resolve(task.name() + "-head.fisher.safetensors"),
                target -> fisher(probe(task, seed), sample(task, seed), new FisherKind.Empirical(), target));
    }

    /** The squared gradients of a pass over a task with the encoder as it is, under a head that was trained on the task. */
    public Path squisherBefore(TextTask task, long seed) {
        Path target = folder.of(seed).resolve(task.name() + "-in-place.onnx");
        Path squisher = TrainingResult.beside(target, TrainingResult.SQUISHER_SUFFIX);
        return folder.kept(
                squisher, missing -> tune(probe(task, seed), sample(task, seed), FineTuning.IN_PLACE, seed, target));
    }

    /** Computes a Fisher over the first training texts into a file. */
    public void fisher(Path model, TaskSample sample, FisherKind kind, Path target) {
        FisherRequest request = FisherRequest.of(
                        OnnxFile.read(model), sample.firstOfTraining(sizes.fisher()), LIKELIHOOD, kind)
                .withOutputsAreLogits()
                .withRuntime(runtime);
        try (FisherEstimator estimator = new FisherEstimator(request)) {
            FisherFile.write(target, estimator.run(FisherListener.SILENT));
        }
    }
}
