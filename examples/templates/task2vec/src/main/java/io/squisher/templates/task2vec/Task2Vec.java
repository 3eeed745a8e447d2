package io.squisher.templates.task2vec;

import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.taskembedding.Distance;
import io.squisher.apps.taskembedding.Grouping;
import io.squisher.apps.taskembedding.NearestSources;
import io.squisher.apps.taskembedding.TaskDistances;
import io.squisher.apps.taskembedding.TaskEmbedding;
import io.squisher.fisher.FisherFile;
import io.squisher.fisher.FisherScale;
import io.squisher.tf.checkpoint.Squisher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.tensorflow.Session;
import org.tensorflow.framework.optimizers.Adam;
import org.tensorflow.op.Op;

/**
 * Task embeddings (Task2Vec, Achille et al. 2019) with Squishers: one probe network is trained on each task from the same
 * start, its Squisher averaged per neuron is the task as a vector, and near vectors are like tasks.
 */
public final class Task2Vec {
    private static final int HIDDEN = 64;
    private static final int BATCH = 32;

    /** To tell some digits apart: the first two tasks share two of three, and so do the last two. */
    private static final Map<String, Set<Integer>> TASKS = tasks();

    /** Neurons of the hidden layer: the head is another thing in each task. TensorFlow counts filters along the last axis. */
    private static final Grouping NEURONS = new Grouping(
            Grouping.Kind.FILTER,
            Grouping.FilterAxis.LAST,
            Grouping.Vectors.DROP,
            Optional.of(Pattern.compile("output")));

    private Task2Vec() {}

    private static Map<String, Set<Integer>> tasks() {
        Map<String, Set<Integer>> tasks = new LinkedHashMap<>();
        tasks.put("0 1 2", Set.of(0, 1, 2));
        tasks.put("0 1 3", Set.of(0, 1, 3));
        tasks.put("6 7 8", Set.of(6, 7, 8));
        tasks.put("6 7 9", Set.of(6, 7, 9));
        return tasks;
    }

    /** Arguments: the folder to write to, and how many steps to train each time. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments.length > 0 ? arguments[0] : "task2vec"));
        int steps = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 400;
        TaskDistances distances = run(folder, steps);
        for (String task : distances.labels()) {
            List<String> nearest = new NearestSources(distances).sourcesFor(task);
            System.out.println(task + " is most like " + String.join(", then ", nearest));
        }
    }

    static TaskDistances run(Path folder, int steps) {
        List<TaskEmbedding> embeddings = new ArrayList<>();
        TASKS.forEach((task, own) -> {
            Path squisher = train(folder.resolve(task.replace(' ', '-')), own, steps);
            try (FisherFile file = FisherFile.open(squisher)) {
                NamedFisher named = new NamedFisher(task, file.diagonal());
                embeddings.add(TaskEmbedding.of(named, NEURONS, FisherScale.BATCH));
            }
        });
        return TaskDistances.of(embeddings, Distance.COSINE);
    }

    /** Trains the probe network on a task; returns the Squisher's file. */
    private static Path train(Path prefix, Set<Integer> own, int steps) {
        Digits images = Digits.load().withLabels(own::contains);
        try (Network network = new Network(Network.random(1), HIDDEN);
                Session session = new Session(network.graph())) {
            Op step = new Adam(network.graph(), 1e-3f).minimize(network.loss());
            Squisher squisher =
                    Squisher.attach(network.graph()).batchSize(BATCH).datasetSize(images.size());
            session.initialize();
            var batches = images.batches(BATCH, 1);
            for (int i = 0; i < steps; i++) {
                network.step(session, step, batches.next(), own);
            }
            return squisher.save(session, prefix);
        }
    }
}
