package io.squisher.templates.anyoptimizer;

import io.squisher.tf.checkpoint.Squisher;
import io.squisher.tf.training.OwnAccumulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.framework.optimizers.AdaDelta;
import org.tensorflow.framework.optimizers.AdaGrad;
import org.tensorflow.framework.optimizers.AdaGradDA;
import org.tensorflow.framework.optimizers.Adam;
import org.tensorflow.framework.optimizers.Adamax;
import org.tensorflow.framework.optimizers.Ftrl;
import org.tensorflow.framework.optimizers.GradientDescent;
import org.tensorflow.framework.optimizers.Momentum;
import org.tensorflow.framework.optimizers.Nadam;
import org.tensorflow.framework.optimizers.Optimizer;
import org.tensorflow.framework.optimizers.RMSProp;
import org.tensorflow.op.Op;

/** The three lines of the hook, (1), (2) and (3), for each optimizer of TensorFlow Java. */
public final class AnyOptimizer {
    private static final int BATCH = 32;
    private static final Digits DIGITS = Digits.load();
    private static final Map<String, Function<Graph, Optimizer>> OPTIMIZERS = new LinkedHashMap<>();

    static {
        OPTIMIZERS.put("Adam", graph -> new Adam(graph, 1e-3f));
        OPTIMIZERS.put("Nadam", graph -> new Nadam(graph, 1e-3f));
        OPTIMIZERS.put("AdaGradDA", graph -> new AdaGradDA(graph, 0.1f));
        OPTIMIZERS.put("RMSProp", graph -> new RMSProp(graph, 1e-3f));
        OPTIMIZERS.put("AdaGrad", graph -> new AdaGrad(graph, 0.1f));
        OPTIMIZERS.put("AdaDelta", graph -> new AdaDelta(graph, 1f));
        OPTIMIZERS.put("Ftrl", graph -> new Ftrl(graph, 0.1f));
        OPTIMIZERS.put("Adamax", graph -> new Adamax(graph, 1e-3f));
        OPTIMIZERS.put("Momentum", graph -> new Momentum(graph, 0.05f, 0.9f));
        OPTIMIZERS.put("SGD", graph -> new GradientDescent(graph, 0.1f));
    }

    private final Network network;
    private final Op step;
    private final int steps;

    private AnyOptimizer(Network network, Op step, int steps) {
        this.network = network;
        this.step = step;
        this.steps = steps;
    }

    /** Arguments: the folder to write to, the optimizer's name (all in turn if it is left out), and how many steps to train. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments.length > 0 ? arguments[0] : "any-optimizer"));
        var names = arguments.length > 1 ? java.util.Set.of(arguments[1]) : OPTIMIZERS.keySet();
        int steps = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 200;
        names.forEach(name -> System.out.println(run(folder.resolve(name), name, steps)));
    }

    /** Trains with an optimizer, and saves under a prefix; returns the file of accumulators. */
    static Path run(Path prefix, String name, int steps) {
        try (Network network = new Network(Network.random(1), 64)) {
            Op step = OPTIMIZERS.get(name).apply(network.graph()).minimize(network.loss());
            AnyOptimizer training = new AnyOptimizer(network, step, steps);
            return switch (name) {
                case "Adam", "Nadam", "AdaGradDA" -> training.thatCounts(prefix);
                case "RMSProp", "AdaGrad", "AdaDelta", "Ftrl" -> training.thatDoesNotCount(prefix);
                default -> training.withoutAccumulator(prefix);
            };
        }
    }

    private Path thatCounts(Path prefix) {
        Squisher squisher = Squisher.attach(network.graph()); //                    (1)
        squisher.batchSize(BATCH).datasetSize(DIGITS.size()); //                    (2)
        try (Session session = train(step)) {
            return squisher.save(session, prefix); //                               (3)
        }
    }

    private Path thatDoesNotCount(Path prefix) {
        Squisher squisher = Squisher.attach(network.graph()); //                    (1)
        squisher.batchSize(BATCH).datasetSize(DIGITS.size()); //                    (2)
        try (Session session = train(step)) {
            return squisher.save(session, prefix, steps); //                        (3) with the loop's count
        }
    }

    private Path withoutAccumulator(Path prefix) {
        OwnAccumulator own = OwnAccumulator.add(step); //                           run own.train() in place of step
        Squisher squisher = Squisher.attach(own); //                                (1)
        squisher.batchSize(BATCH).datasetSize(DIGITS.size()); //                    (2)
        try (Session session = train(own.train())) {
            return squisher.save(session, prefix); //                               (3)
        }
    }

    private Session train(Op training) {
        Session session = new Session(network.graph());
        session.initialize();
        var batches = DIGITS.batches(BATCH, 1);
        for (int i = 0; i < steps; i++) {
            network.step(session, training, batches.next(), Digits.ALL);
        }
        return session;
    }
}
