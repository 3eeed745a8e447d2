package io.squisher.templates.texttasks;

import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.taskembedding.Distance;
import io.squisher.apps.taskembedding.Grouping;
import io.squisher.apps.taskembedding.NearestSources;
import io.squisher.apps.taskembedding.TaskDistances;
import io.squisher.apps.taskembedding.TaskEmbedding;
import io.squisher.fisher.FisherScale;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.fisher.FisherEstimator;
import io.squisher.onnx.fisher.FisherKind;
import io.squisher.onnx.fisher.FisherListener;
import io.squisher.onnx.fisher.FisherRequest;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.text.TextChoice;
import io.squisher.onnx.text.TextColumns;
import io.squisher.onnx.text.TextReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Which texts are alike to an encoder: the Fisher of all-MiniLM-L6-v2 on each text, averaged per neuron, is the text as a
 * vector (Task2Vec, Achille et al. 2019). A text is a file of sentences, one a line.
 */
public final class TextTasks {
    private static final int TOKENS = 16;
    /** Files of texts without labels. */
    private static final TextChoice SENTENCES = new TextChoice(
            Optional.of(TextColumns.parse("text")),
            "labels",
            new Likelihood.Gaussian(1),
            OptionalInt.of(TOKENS),
            OptionalLong.empty());

    private static final Grouping NEURONS = new Grouping(
            Grouping.Kind.FILTER,
            Grouping.FilterAxis.LAST,
            Grouping.Vectors.DROP,
            Optional.of(Pattern.compile("embeddings")));

    private TextTasks() {}

    /** Arguments: the folder to write to, and two texts or more. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 3) {
            System.err.println("arguments: FOLDER A.txt B.txt ...");
            return;
        }
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        List<Path> texts = List.of(arguments).subList(1, arguments.length).stream()
                .map(Path::of)
                .toList();
        TaskDistances distances = run(Encoder.model(folder), Encoder.tokenizer(folder), texts);
        for (String text : distances.labels()) {
            List<String> nearest = new NearestSources(distances).sourcesFor(text);
            System.out.println(text + " is most like " + String.join(", then ", nearest));
        }
    }

    static TaskDistances run(Path model, Path tokenizer, List<Path> texts) throws IOException {
        OnnxFile encoder = Encoder.withSentence(OnnxFile.read(model));
        TextReader reader = TextReader.of(encoder, tokenizer, SENTENCES, System.err::println);
        List<TaskEmbedding> embeddings = new ArrayList<>();
        for (Path text : texts) {
            String name = text.getFileName().toString();
            // No labels are needed: they are drawn from the model, whose output is the mean of a normal distribution.
            FisherRequest request = FisherRequest.of(
                    encoder,
                    reader.read(List.of(text)).whole(),
                    new Likelihood.Gaussian(1),
                    new FisherKind.Sampled(4, 1));
            try (FisherEstimator estimator = new FisherEstimator(request)) {
                NamedFisher fisher = new NamedFisher(name, estimator.run(FisherListener.SILENT));
                embeddings.add(TaskEmbedding.of(fisher, NEURONS, FisherScale.NONE));
            }
        }
        return TaskDistances.of(embeddings, Distance.COSINE);
    }
}
