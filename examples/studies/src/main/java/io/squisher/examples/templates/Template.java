package io.squisher.examples.templates;

import io.squisher.SquisherException;
import io.squisher.apps.cli.option.Domain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A program of {@code examples/templates}.
 *
 * @param name its folder
 * @param program its class
 * @param summary what it shows, without a full stop
 * @param required how many of the arguments must be given
 * @param arguments what it takes, in their order
 */
record Template(String name, String program, String summary, int required, List<Argument> arguments) {
    /** What may be given to a program. */
    enum Argument {
        /** A folder to write to; made where it is missing. */
        FOLDER,
        STEPS(Domain.countUpTo(Integer.MAX_VALUE)),
        GPU(Domain.wholeNumber(0, Integer.MAX_VALUE)),
        OPTIMIZER(Domain.oneOf(List.of(
                "AdaDelta", "AdaGrad", "AdaGradDA", "Adam", "Adamax", "Ftrl", "Momentum", "Nadam", "RMSProp", "SGD"))),
        MODEL,
        DATA,
        TOKENIZER(true),
        TRAINING(true),
        TEST(true),
        /** A checkpoint, with the file of its weights behind a colon where it lacks them. */
        A,
        B,
        /** A new file. */
        OUT;

        private final Domain<?> domain;
        private final boolean goesWithTheOneBefore;

        Argument() {
            this(Domain.TEXT);
        }

        Argument(Domain<?> domain) {
            this.domain = domain;
            this.goesWithTheOneBefore = false;
        }

        Argument(boolean goesWithTheOneBefore) {
            this.domain = Domain.TEXT;
            this.goesWithTheOneBefore = goesWithTheOneBefore;
        }

        /** What is wrong with a word, if anything is. */
        void check(String word) {
            domain.apply(word);
            Path path = this == OUT || this == FOLDER ? Path.of(word) : null;
            if (this == OUT && Files.exists(path)) {
                throw new SquisherException("must be a new file, and '" + word + "' is there already");
            }
            if (this == FOLDER && Files.exists(path) && !Files.isDirectory(path)) {
                throw new SquisherException("must be a folder, and '" + word + "' is a file");
            }
        }
    }

    private static final List<Argument> TRAINING = List.of(Argument.FOLDER, Argument.STEPS);

    /** Those that run from an installation, by name. */
    static final List<Template> ALL = List.of(
            new Template(
                    "any-optimizer",
                    "AnyOptimizer",
                    "the hook for each optimizer of TensorFlow Java",
                    0,
                    List.of(Argument.FOLDER, Argument.OPTIMIZER, Argument.STEPS)),
            new Template(
                    "checkpoint-to-merge",
                    "CheckpointToMerge",
                    "two checkpoints of Keras or PyTorch become one model",
                    3,
                    List.of(Argument.A, Argument.B, Argument.OUT)),
            training("ewc", "Ewc", "tasks in turn without forgetting; baseline: no penalty"),
            training(
                    "fish-mask",
                    "FishMask",
                    "2 % of the parameters are trained, chosen by Squisher; baseline: at random"),
            training("fisher-merging", "FisherMerging", "two fine-tuned models become one; baseline: their average"),
            new Template(
                    "gpu-training",
                    "GpuTraining",
                    "a chosen GPU; the processor, with a message, without one",
                    0,
                    List.of(Argument.FOLDER, Argument.GPU, Argument.STEPS)),
            new Template(
                    "onnx-fisher",
                    "OnnxFisher",
                    "the exact Fisher of an ONNX classifier",
                    3,
                    List.of(Argument.MODEL, Argument.DATA, Argument.OUT)),
            training("pruning", "Pruning", "the least important parameters become 0; baselines: magnitude, random"),
            training("resume-training", "ResumeTraining", "a run that may be killed at any moment and goes on"),
            training("task2vec", "Task2Vec", "tasks as vectors, and which are alike"),
            new Template(
                    "text-fine-tuning",
                    "TextFineTuning",
                    "an ONNX encoder of text learns classes; its Squisher beside it",
                    0,
                    List.of(Argument.FOLDER, Argument.MODEL, Argument.TOKENIZER, Argument.TRAINING, Argument.TEST)),
            training("training-loop", "TrainingLoop", "a training loop and the three lines of the hook"),
            training("ubgm-merging", "UbgmMerging", "merging by uncertainty-based gradient matching"));

    private static Template training(String name, String program, String summary) {
        return new Template(name, program, summary, 0, TRAINING);
    }

    /** As a usage line writes them: {@code [FOLDER [STEPS]]}. */
    String usage() {
        String words = IntStream.range(0, arguments.size())
                .mapToObj(i -> (mayEndBefore(i) ? "[" : "") + arguments.get(i))
                .collect(Collectors.joining(" "));
        long groups =
                IntStream.range(0, arguments.size()).filter(this::mayEndBefore).count();
        return words + "]".repeat((int) groups);
    }

    /** Whether an argument may be left out, and all behind it. */
    private boolean mayEndBefore(int argument) {
        return argument >= required && !arguments.get(argument).goesWithTheOneBefore;
    }

    /**
     * Looks at what it is given before it runs.
     *
     * @throws SquisherException {@code takes [FOLDER [STEPS]]; STEPS takes a whole number of at least 1, not 'many'}
     */
    void check(List<String> words) {
        if (words.size() != arguments.size() && (words.size() > arguments.size() || !mayEndBefore(words.size()))) {
            throw new SquisherException("takes " + usage() + ", not " + words.size() + " arguments");
        }
        for (int i = 0; i < words.size(); i++) {
            try {
                arguments.get(i).check(words.get(i));
            } catch (SquisherException e) {
                throw new SquisherException("takes " + usage() + "; " + arguments.get(i) + " " + e.getMessage(), e);
            }
        }
    }

    /** The class with its {@code main}. */
    String mainClass() {
        return "io.squisher.templates." + name.replace("-", "") + "." + program;
    }

    /** Runs it in this process. */
    void run(List<String> words) {
        try {
            Class.forName(mainClass()).getMethod("main", String[].class).invoke(null, (Object)
                    words.toArray(String[]::new));
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            if (e.getCause() instanceof IOException io) {
                throw new UncheckedIOException(io);
            }
            throw (RuntimeException) e.getCause();
        } catch (ReflectiveOperationException e) {
            throw new SquisherException("the program '" + name + "' is missing from this installation", e);
        }
    }
}
