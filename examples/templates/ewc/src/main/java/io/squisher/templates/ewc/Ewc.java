package io.squisher.templates.ewc;

import io.squisher.fisher.FisherFile;
import io.squisher.fisher.FisherScale;
import io.squisher.tf.checkpoint.Squisher;
import io.squisher.tf.training.EwcPenalty;
import io.squisher.tf.training.OwnAccumulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.tensorflow.Session;
import org.tensorflow.framework.optimizers.Adam;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;

/**
 * Elastic weight consolidation (Kirkpatrick et al. 2017) with a Squisher: digits are learned, then digits with their pixels in
 * another order, each time held by a penalty around what was learned before. Baseline: the same without a penalty.
 */
public final class Ewc {
    private static final int BATCH = 32;

    private Ewc() {}

    /** Arguments: the folder to write to, and how many steps to train each time. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments.length > 0 ? arguments[0] : "ewc"));
        int steps = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 300;
        for (double lambda : new double[] {0, 100}) {
            List<Double> percent = run(folder, lambda, 3, steps);
            System.out.printf("lambda %3.0f: mean over the tasks %.1f %%, each %s%n", lambda, mean(percent), percent);
        }
    }

    static double mean(List<Double> numbers) {
        return numbers.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    /** Learns tasks one after the other; percent of each one's test images that the network tells right in the end. */
    static List<Double> run(Path folder, double lambda, int tasks, int steps) {
        Digits digits = Digits.load();
        try (Network network = new Network(Network.random(1), 128, 128)) {
            // With a head for each task: over(graph, name -> !name.startsWith("output")).
            EwcPenalty ewc = EwcPenalty.over(network.graph());
            var loss = Ops.create(network.graph()).math.add(network.loss(), ewc.term());
            Op step = new Adam(network.graph(), 1e-3f).minimize(loss);
            // The optimizer's own accumulator would have the penalty of earlier tasks in it.
            OwnAccumulator own = OwnAccumulator.add(step, 0.99f, ewc);
            Squisher squisher = Squisher.attach(own).batchSize(BATCH).penaltyActive(false);
            try (Session session = new Session(network.graph())) {
                session.initialize();
                for (int task = 0; task < tasks; task++) {
                    Digits images = digits.training().mapped(order(task));
                    var batches = images.batches(BATCH, task);
                    for (int i = 0; i < steps; i++) {
                        network.step(session, own.train(), batches.next(), Digits.ALL);
                    }
                    Path saved = squisher.datasetSize(images.size()).save(session, folder.resolve("task-" + task));
                    try (FisherFile file = FisherFile.open(saved)) {
                        var rescaling =
                                FisherScale.BATCH.rescaling(file.diagonal().provenance(), saved.toString());
                        ewc.addTask(session, file.diagonal(), rescaling, lambda);
                    }
                }
                Path model = folder.resolve("model.onnx");
                network.export(session, model);
                return IntStream.range(0, tasks)
                        .mapToObj(
                                task -> Accuracy.of(model, digits.test().mapped(order(task))))
                        .toList();
            }
        }
    }

    /** The task's order of pixels; the first one's is as it was. */
    private static UnaryOperator<float[]> order(int task) {
        int[] order = new Random(task).ints(0, 1 << 30).limit(Digits.PIXELS).toArray();
        int[] positions = IntStream.range(0, Digits.PIXELS)
                .boxed()
                .sorted((a, b) -> task == 0 ? a - b : order[a] - order[b])
                .mapToInt(Integer::intValue)
                .toArray();
        return image -> {
            float[] moved = new float[Digits.PIXELS];
            IntStream.range(0, Digits.PIXELS).forEach(i -> moved[i] = image[positions[i]]);
            return moved;
        };
    }
}
