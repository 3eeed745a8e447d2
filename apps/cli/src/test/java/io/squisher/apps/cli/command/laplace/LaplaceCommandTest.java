package io.squisher.apps.cli.command.laplace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.Fixtures;
import io.squisher.apps.cli.Run;
import io.squisher.apps.laplace.MarginalLikelihood;
import io.squisher.fisher.FisherFile;
import io.squisher.format.WeightFormats;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Posteriors over a real network's weights. */
class LaplaceCommandTest {
    private static final Path MODEL = Fixtures.path("lenet_cnn/model.onnx");
    private static final Path DATA = Fixtures.path("lenet_cnn/data.npz");

    @TempDir
    Path folder;

    private Path fisher;
    private Path posterior;

    @BeforeEach
    void compute() {
        fisher = folder.resolve("fisher.safetensors");
        posterior = folder.resolve("posterior.safetensors");
        Run run = Run.of("fisher", MODEL, "--data", DATA, "-o", fisher);
        assertEquals(0, run.exitCode(), run.err());
    }

    private Run run(Object... more) {
        Object[] words = new Object[11 + more.length];
        System.arraycopy(
                new Object[] {
                    "laplace",
                    MODEL,
                    "--fisher",
                    fisher,
                    "--validation",
                    DATA,
                    "--data",
                    DATA,
                    "-o",
                    posterior,
                    "--json"
                },
                0,
                words,
                0,
                11);
        System.arraycopy(more, 0, words, 11, more.length);
        return Run.of(words);
    }

    private JsonObject report(Object... more) {
        Run run = run(more);
        assertEquals(0, run.exitCode(), run.err());
        return JsonParser.parseString(run.out()).getAsJsonObject();
    }

    private static double nll(JsonObject report, String way) {
        return report.getAsJsonObject("predictions")
                .getAsJsonObject(way)
                .get("nll")
                .getAsDouble();
    }

    @Test
    void theEvidenceFindsAPriorWithoutValidationData() {
        JsonObject report = report("--prior-by", "marginal-likelihood", "--examples", "1000");
        assertEquals("marginal-likelihood", report.get("prior_from").getAsString());
        assertEquals("validation", report().get("prior_from").getAsString());
        assertEquals("given", report("--prior", "2").get("prior_from").getAsString());
        try (WeightSource model = WeightFormats.open(MODEL);
                FisherFile file = FisherFile.open(fisher);
                FisherFile precisions = FisherFile.open(posterior)) {
            Map<String, Tensor> weights = new LinkedHashMap<>();
            Map<String, Tensor> entries = new LinkedHashMap<>();
            precisions.diagonal().names().forEach(name -> {
                weights.put(name, model.tensor(name));
                entries.put(name, file.diagonal().tensor(name));
            });
            assertEquals(
                    new MarginalLikelihood(weights, entries).prior(1000, 1),
                    report.get("prior_precision").getAsDouble(),
                    1e-9);
        }
        Run both = run("--prior-by", "validation", "--prior", "1");
        assertTrue(both.err().contains("give one of them"), both.err());
    }

    @Test
    void anInfinitelyStrongPriorLeavesTheModel() {
        JsonObject last = report("--prior", "1e14");
        assertEquals(nll(last, "as trained"), nll(last, "laplace"), 1e-6);
        JsonObject all = report("--layers", "all", "--draws", "2", "--prior", "1e14");
        assertEquals(nll(all, "as trained"), nll(all, "laplace"), 1e-5);
        assertEquals(nll(last, "as trained"), nll(all, "as trained"), 1e-12);
    }

    @Test
    void theDrawsAreThoseOfTheSeed() {
        double first = nll(report("--layers", "all", "--draws", "3", "--prior", "10"), "laplace");
        assertEquals(first, nll(report("--layers", "all", "--draws", "3", "--prior", "10"), "laplace"));
        assertNotEquals(
                first, nll(report("--layers", "all", "--draws", "3", "--prior", "10", "--seed", "1"), "laplace"));
    }

    @Test
    void writesThePrecisionsAndAPicture() throws Exception {
        Path picture = folder.resolve("r.png");
        JsonObject report = report("--prior", "2", "--examples", "1000", "--plot", picture);
        assertTrue(Files.size(picture) > 1000);
        assertEquals(1000, report.get("examples").getAsDouble());
        try (FisherFile from = FisherFile.open(fisher);
                FisherFile made = FisherFile.open(posterior)) {
            assertEquals(2, made.diagonal().names().size());
            for (String name : made.diagonal().names()) {
                double[] expected = Arrays.stream(from.diagonal().tensor(name).toDoubles())
                        .map(f -> 1000 * f + 2)
                        .toArray();
                assertArrayEquals(expected, made.diagonal().tensor(name).toDoubles(), 1e-3);
            }
        }
    }

    @Test
    void choosesThePriorOnTheValidationData() {
        JsonObject chosen = report();
        double best = nll(chosen, "laplace");
        for (String prior : new String[] {"0.1", "1", "10", "1000"}) {
            assertTrue(best <= nll(report("--prior", prior), "laplace") + 1e-12, prior);
        }
    }

    @Test
    void refusesWhatDoesNotGoTogether() {
        Run run = run("--draws", "3");
        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("--draws goes with --layers all"), run.err());
        Run gaussian = run("--likelihood", "gaussian");
        assertEquals(1, gaussian.exitCode());
        assertTrue(gaussian.err().contains("only a classifier has logits of classes"), gaussian.err());
    }
}
