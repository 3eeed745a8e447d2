package io.squisher.apps.cli.command.unlearn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.Fixtures;
import io.squisher.apps.cli.Run;
import io.squisher.fisher.FisherFile;
import io.squisher.format.WeightFormats;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import io.squisher.weights.WeightSource;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Forgetting the first examples of a real network's data, and asking about them. */
class UnlearnCommandTest {
    private static final Path MODEL = Fixtures.path("lenet_cnn/model.onnx");
    private static final Path DATA = Fixtures.path("lenet_cnn/data.npz");

    @TempDir
    Path folder;

    private Path fisher(String name, String... more) {
        Path file = folder.resolve(name);
        Object[] words = new Object[6 + more.length];
        System.arraycopy(new Object[] {"fisher", MODEL, "--data", DATA, "-o", file}, 0, words, 0, 6);
        System.arraycopy(more, 0, words, 6, more.length);
        Run run = Run.of(words);
        assertEquals(0, run.exitCode(), run.err());
        return file;
    }

    @Test
    void dampensByTheRuleAndTellsHowMuch() {
        Path all = fisher("all.safetensors");
        Path some = fisher("some.safetensors", "--limit", "2");
        Path out = folder.resolve("out.onnx");
        Run run = Run.of("unlearn", MODEL, "--fisher", all, "--forget", some, "--alpha", 2, "-o", out, "--json");
        assertEquals(0, run.exitCode(), run.err());
        JsonObject report = JsonParser.parseString(run.out()).getAsJsonObject();
        long dampened = 0;
        try (WeightSource before = WeightFormats.open(MODEL);
                WeightSource after = WeightFormats.open(out);
                FisherFile whole = FisherFile.open(all);
                FisherFile part = FisherFile.open(some)) {
            for (String name : before.names()) {
                float[] weights = before.tensor(name).toFloats();
                float[] left = after.tensor(name).toFloats();
                double[] f = part.diagonal().tensor(name).toDoubles();
                double[] a = whole.diagonal().tensor(name).toDoubles();
                for (int i = 0; i < weights.length; i++) {
                    boolean selected = f[i] > 2 * a[i];
                    dampened += selected ? 1 : 0;
                    assertEquals(
                            selected ? (float) (Math.min(a[i] / f[i], 1) * weights[i]) : weights[i], left[i], name + i);
                }
            }
        }
        assertTrue(dampened > 0);
        assertEquals(dampened, report.get("dampened").getAsLong());
        assertEquals(2, report.getAsJsonObject("unlearn").get("forget_examples").getAsLong());
        assertTrue(report.getAsJsonObject("tensors").size() > 3, run.out());
    }

    @Test
    void tellsEachTensorAndWarnsWhereNothingIsSelected() {
        Path all = fisher("all.safetensors");
        Path some = fisher("some.safetensors", "--limit", "2");
        Run run = Run.of("unlearn", MODEL, "--fisher", all, "--forget", some, "--alpha", 1000, "--dry-run");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("parameter"), run.out());
        assertTrue(run.err().contains("nothing is dampened"), run.err());
        assertFalse(Files.exists(folder.resolve("out.onnx")));
    }

    @Test
    void membershipGivesThreeShares() {
        Run run = Run.of(
                "membership", MODEL, "--data", DATA, "--members", DATA, "--others", DATA, "--by", "loss", "--json");
        assertEquals(0, run.exitCode(), run.err());
        JsonObject report = JsonParser.parseString(run.out()).getAsJsonObject();
        assertEquals(0.5, report.get("attack").getAsDouble(), 1e-12);
        assertEquals(0.5, report.get("area").getAsDouble(), 1e-12);
        Run missing = Run.of("membership", MODEL, "--data", DATA, "--members", DATA);
        assertEquals(2, missing.exitCode());
        assertTrue(missing.err().contains("missing --others"), missing.err());
        Run gaussian = Run.of(
                "membership", MODEL, "--data", DATA, "--members", DATA, "--others", DATA, "--likelihood", "gaussian");
        assertEquals(1, gaussian.exitCode());
        assertTrue(gaussian.err().contains("only a classifier has logits of classes"), gaussian.err());
    }

    @Test
    void entropyAndLossOfTwoClasses() {
        double[] logits = {Math.log(3), 0};
        assertEquals(-0.75 * Math.log(0.75) - 0.25 * Math.log(0.25), MembershipCommand.entropy(logits), 1e-15);
        assertEquals(-Math.log(0.25), MembershipCommand.loss(logits, 1), 1e-15);
        assertEquals(0, MembershipCommand.entropy(new double[] {0, Double.NEGATIVE_INFINITY}));
    }
}
