package io.squisher.onnx.training;

import io.squisher.NamePattern;
import io.squisher.SquisherException;
import io.squisher.checkpoint.folder.Retention;
import io.squisher.format.OutputFile;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.mask.MaskFile;
import io.squisher.onnx.data.ClassNames;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.data.NpzFile;
import io.squisher.onnx.data.TakenArrays;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.runtime.Device;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.onnx.training.optimizer.AdamW;
import io.squisher.onnx.training.optimizer.Optimizer;
import io.squisher.onnx.training.optimizer.Schedule;
import io.squisher.onnx.training.penalty.Penalty;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Trains an ONNX model, and keeps the squared gradients of its steps:
 *
 * <pre>{@code
 * TrainingResult result = OnnxTrainer.of(encoder)
 *         .head(6, Pooling.MEAN)
 *         .examples(training)
 *         .validation(validation)
 *         .optimizer(AdamW.of(5e-5))
 *         .epochs(3)
 *         .train(Path.of("tuned.onnx"));
 * }</pre>
 *
 * <p>Unless told otherwise: AdamW at 5e-5 with a constant rate and no decay, three epochs in batches of 32, all parameters, the
 * softmax cross-entropy of the array {@code labels}, normalizations and dropouts in inference mode. All arithmetic is float32. The
 * same settings on the same machine give the same bits. Not for several threads at once.
 */
public final class OnnxTrainer {
    private final Path model;
    private Optional<HeadChoice> head = Optional.empty();
    private Optional<String> output = Optional.empty();
    private boolean outputsAreLogits;
    private Likelihood likelihood = new Likelihood.Categorical(-1);
    private String labels = "labels";
    private Optional<ClassNames> classes = Optional.empty();
    private double smoothing;
    private boolean trainMode;
    private final List<Examples> training = new ArrayList<>();
    private final List<Examples> validation = new ArrayList<>();
    private Optional<Path> trainingFile = Optional.empty();
    private Optional<Path> validationFile = Optional.empty();
    private Optimizer optimizer = AdamW.of(5e-5);
    private Schedule schedule = new Schedule.Constant();
    private OptionalDouble clip = OptionalDouble.empty();
    private double decay;
    private final List<Pattern> undecayed = new ArrayList<>();
    private final List<Pattern> frozen = new ArrayList<>();
    private final List<Penalty> penalties = new ArrayList<>();
    private final Map<String, Tensor> masks = new LinkedHashMap<>();
    private Optional<Path> maskFile = Optional.empty();
    private int epochs = 3;
    private int batchSize = 32;
    private int accumulate = 1;
    private long seed;
    private OptionalInt patience = OptionalInt.empty();
    private Optional<Path> checkpointFolder = Optional.empty();
    private Retention retention = Retention.last(1);
    private long everySteps;
    private boolean resume;
    private Device device = new Device.Cpu();
    private int threads;
    private Consumer<String> notices = notice -> {};
    private TrainingListener listener = TrainingListener.SILENT;

    private OnnxTrainer(Path model) {
        this.model = model;
    }

    /** Trains the model in an ONNX file, which stays as it is. */
    public static OnnxTrainer of(Path model) {
        return new OnnxTrainer(model);
    }

    /** Adds a linear layer with {@code classes} outputs behind the output, a value {@code [N, width]}. */
    public OnnxTrainer head(int classes) {
        return head(classes, Pooling.NONE);
    }

    /** Adds a linear layer with {@code classes} outputs behind a value {@code [N, tokens, width]}, pooled over its tokens. */
    public OnnxTrainer head(int classes, Pooling pooling) {
        return head(classes, pooling, HeadChoice.DEFAULT_MASK);
    }

    /**
     * As {@link #head(int, Pooling)}.
     *
     * @param mask the model's input with a 1 for each token that counts; {@code attention_mask} unless given
     */
    public OnnxTrainer head(int classes, Pooling pooling, String mask) {
        head = Optional.of(new HeadChoice(classes, pooling, mask));
        return this;
    }

    /** The output, or any value of the graph, that the likelihood is of, or the head is added to; needed where there are several. */
    public OnnxTrainer output(String name) {
        output = Optional.of(name);
        return this;
    }

    /** Takes the output for logits though it looks like probabilities, which are refused otherwise. */
    public OnnxTrainer outputsAreLogits() {
        outputsAreLogits = true;
        return this;
    }

    /** How the output is a distribution of labels; the loss is its mean negative logarithm over the examples. */
    public OnnxTrainer likelihood(Likelihood distribution) {
        likelihood = distribution;
        return this;
    }

    /** The name of the array with the labels; {@code labels} unless given. */
    public OnnxTrainer labels(String name) {
        labels = name;
        return this;
    }

    /** What the classes are called: the trained model keeps it as metadata. */
    public OnnxTrainer classes(ClassNames names) {
        classes = Optional.of(names);
        return this;
    }

    /** Spreads this share of each label over all classes, from 0 to below 1. */
    public OnnxTrainer labelSmoothing(double share) {
        Optimizer.requireShare("label smoothing", share);
        smoothing = share;
        return this;
    }

    /** Takes the batch's own statistics in normalizations, and drops what the model's dropouts say. */
    public OnnxTrainer trainMode() {
        trainMode = true;
        return this;
    }

    /** The examples: an npz file of arrays {@code [N, …]}, named after the model's inputs, and of labels. */
    public OnnxTrainer data(Path npz) {
        trainingFile = Optional.of(npz);
        return this;
    }

    /**
     * Examples in sets, each of one shape: sentences by length, say. A batch is of one set. Adds to those that were given.
     */
    public OnnxTrainer examples(Examples... sets) {
        training.addAll(List.of(sets));
        return this;
    }

    /** Examples to score the model on after each epoch. */
    public OnnxTrainer validation(Path npz) {
        validationFile = Optional.of(npz);
        return this;
    }

    /** As {@link #validation(Path)}, in sets as {@link #examples}. */
    public OnnxTrainer validation(Examples... sets) {
        validation.addAll(List.of(sets));
        return this;
    }

    /** The optimizer, with its learning rate. */
    public OnnxTrainer optimizer(Optimizer wanted) {
        optimizer = wanted;
        return this;
    }

    /** How the learning rate goes over the steps. */
    public OnnxTrainer schedule(Schedule wanted) {
        schedule = wanted;
        return this;
    }

    /** Scales a gradient whose norm, over all parameters, is above {@code norm} down to it. */
    public OnnxTrainer clip(double norm) {
        clip = OptionalDouble.of(norm);
        return this;
    }

    /** Weight decay of matrices and kernels; biases and the scales of normalizations have none. */
    public OnnxTrainer decay(double strength) {
        decay = strength;
        return this;
    }

    /** No decay of parameters in whose name {@code regex} is found, either. */
    public OnnxTrainer decayExcept(String regex) {
        undecayed.add(NamePattern.of(regex));
        return this;
    }

    /** Keeps the values of parameters in whose name {@code regex} is found. */
    public OnnxTrainer freeze(String regex) {
        frozen.add(NamePattern.of(regex));
        return this;
    }

    /** Adds a penalty to the loss; several add up. */
    public OnnxTrainer penalty(Penalty penalty) {
        penalties.add(penalty);
        return this;
    }

    /** Trains only the entries that a mask file has a 1 for; parameters that it lacks are trained whole. */
    public OnnxTrainer mask(Path file) {
        maskFile = Optional.of(file);
        return this;
    }

    /** As {@link #mask(Path)}, one parameter's mask: 0 where an entry keeps its value, in the parameter's shape. */
    public OnnxTrainer mask(String parameter, Tensor mask) {
        masks.put(parameter, mask);
        return this;
    }

    /** How often each example is seen; 3 unless given. */
    public OnnxTrainer epochs(int count) {
        epochs = count;
        return this;
    }

    /** Examples of one run; 32 unless given. */
    public OnnxTrainer batchSize(int examples) {
        batchSize = examples;
        return this;
    }

    /** Adds up the gradients of several batches for one step; 1 unless given. */
    public OnnxTrainer accumulate(int batches) {
        accumulate = batches;
        return this;
    }

    /** What order, head and dropouts follow from; 0 unless given. */
    public OnnxTrainer seed(long number) {
        seed = number;
        return this;
    }

    /** Stops after so many epochs without a better validation loss, and gives the best epoch's weights. */
    public OnnxTrainer earlyStopping(int epochsOfPatience) {
        patience = OptionalInt.of(epochsOfPatience);
        return this;
    }

    /**
     * Saves a checkpoint at the end of each epoch: {@code ckpt-STEP.onnx}, its squared gradients, and the state that a training
     * goes on from. Each is whole or not there, whenever the process ends.
     *
     * @param folder is made if need be; it belongs to one training at a time
     * @param kept which checkpoints stay; their metric is the validation loss
     */
    public OnnxTrainer checkpoints(Path folder, Retention kept) {
        checkpointFolder = Optional.of(folder);
        retention = kept;
        return this;
    }

    /** Saves a checkpoint within an epoch as well, after every so many steps. */
    public OnnxTrainer checkpointEvery(long steps) {
        everySteps = steps;
        return this;
    }

    /**
     * Goes on from the newest checkpoint of the folder, to the same bits as if it had never stopped; starts where there is none.
     * Settings, model and data must be the same.
     */
    public OnnxTrainer resume() {
        resume = true;
        return this;
    }

    /** Where to run; the processor unless given. */
    public OnnxTrainer device(Device wanted) {
        device = wanted;
        return this;
    }

    /** Threads of one operator; 0, as unless given, for one a core. */
    public OnnxTrainer threads(int count) {
        threads = count;
        return this;
    }

    /** Who is told what a user should know; nobody unless given. */
    public OnnxTrainer notices(Consumer<String> told) {
        notices = told;
        return this;
    }

    /** Who is told how it goes; nobody unless given. */
    public OnnxTrainer listener(TrainingListener told) {
        listener = told;
        return this;
    }

    /**
     * Trains, and writes the model and, beside it as {@code NAME.squisher.safetensors}, its squared gradients: both whole, or none.
     *
     * @param target an ONNX file; neither the model nor the data
     * @throws SquisherException if model, data and settings do not fit together, the loss is no number, or a file cannot be
     *     written; the last checkpoint stays
     */
    public TrainingResult train(Path target) {
        List<Path> inputs = new ArrayList<>(List.of(model));
        trainingFile.ifPresent(inputs::add);
        validationFile.ifPresent(inputs::add);
        maskFile.ifPresent(inputs::add);
        OutputFile.check(target, Set.of(target, TrainingResult.squisherOf(target)), inputs, List.of());
        return opened((job, sets, scored) -> job.run(sets, scored, target));
    }

    /**
     * What {@link #train} would do from the first step on, after the same checks. It writes nothing, and looks at no checkpoints.
     *
     * @throws SquisherException if model, data and settings do not fit together
     */
    public TrainingFacts plan() {
        return opened(TrainingJob::plan);
    }

    /** What is done with sets of examples to train on and others to score. */
    private interface Work<T> {
        T of(TrainingJob job, List<Examples> sets, List<Examples> scored);
    }

    private <T> T opened(Work<T> work) {
        if (trainingFile.isPresent() == !training.isEmpty()) {
            throw new SquisherException("cannot train '" + model
                    + "': give the examples either as a file, with data(npz), or in memory, with examples(sets)");
        }
        if (patience.isPresent() && validation.isEmpty() && validationFile.isEmpty()) {
            throw new SquisherException("stopping early needs validation data");
        }
        OnnxFile read = OnnxFile.read(model);
        OnnxFile file = classes.map(names -> names.keptIn(read)).orElse(read);
        TakenArrays taken = new TakenArrays(file, labels, Set.of());
        try (NpzFile trainingArrays = trainingFile.map(NpzFile::open).orElse(null);
                NpzFile validationArrays = validationFile.map(NpzFile::open).orElse(null);
                MaskFile maskArrays = maskFile.map(MaskFile::open).orElse(null)) {
            List<Examples> sets = trainingArrays == null ? training : List.of(taken.of(trainingArrays, notices));
            List<Examples> scored =
                    validationArrays == null ? validation : List.of(taken.of(validationArrays, notices));
            Map<String, Tensor> allMasks = new LinkedHashMap<>(masks);
            if (maskArrays != null) {
                allMasks.putAll(maskArrays.masks());
            }
            ModelChoice choice =
                    new ModelChoice(file, head, output, outputsAreLogits, likelihood, labels, smoothing, trainMode);
            StepChoice steps = new StepChoice(optimizer, schedule, clip, decay, undecayed, penalties, allMasks, frozen);
            LoopChoice loop = new LoopChoice(epochs, batchSize, accumulate, seed, patience);
            Optional<TrainingCheckpoints.Choice> checkpoints = checkpointFolder.map(
                    folder -> new TrainingCheckpoints.Choice(folder, retention, everySteps, resume));
            RuntimeSettings runtime = new RuntimeSettings(device, threads, notices);
            return work.of(new TrainingJob(choice, steps, loop, checkpoints, runtime, listener), sets, scored);
        }
    }
}
