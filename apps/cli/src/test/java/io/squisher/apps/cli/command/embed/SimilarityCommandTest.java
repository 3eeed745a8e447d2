package io.squisher.apps.cli.command.embed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.Fixtures;
import io.squisher.apps.cli.Run;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimilarityCommandTest {
    private static final Path EXACT = Fixtures.path("lenet_cnn/fisher_exact.safetensors");
    private static final Path EMPIRICAL = Fixtures.path("lenet_cnn/fisher_empirical.safetensors");

    @TempDir
    Path folder;

    @Test
    void comparesRealFishersAndDrawsThem() throws IOException {
        Path png = folder.resolve("heat.png");
        Run run = Run.of("similarity", EXACT, EMPIRICAL, "--exclude", "^9", "--plot", png, "--json");
        assertEquals(0, run.exitCode(), run.err());
        JsonObject document = JsonParser.parseString(run.out()).getAsJsonObject();
        double there =
                document.getAsJsonArray("matrix").get(0).getAsJsonArray().get(1).getAsDouble();
        double back =
                document.getAsJsonArray("matrix").get(1).getAsJsonArray().get(0).getAsDouble();
        assertEquals(there, back, 1e-12);
        assertTrue(there > 0 && there < 0.2, "two Fishers of one network are near: " + there);
        assertNotNull(ImageIO.read(png.toFile()));

        Path svg = folder.resolve("heat.svg");
        assertEquals(0, Run.of("similarity", EXACT, EMPIRICAL, "--plot", svg).exitCode());
        assertTrue(Files.readString(svg).contains("<svg"));
    }

    @Test
    void embeddingsInFilesGiveTheSameDistances() {
        Path a = folder.resolve("a.json");
        Path b = folder.resolve("b.json");
        assertEquals(0, Run.of("embed", "--fisher", EXACT, "-o", a).exitCode());
        assertEquals(0, Run.of("embed", "--fisher", EMPIRICAL, "-o", b).exitCode());
        String direct = Run.of("similarity", EXACT, EMPIRICAL, "--json").out();
        String stored = Run.of("similarity", a, b, "--json").out();
        assertEquals(
                JsonParser.parseString(direct).getAsJsonObject().get("matrix"),
                JsonParser.parseString(stored).getAsJsonObject().get("matrix"));
    }

    @Test
    void ranksAgainstMeasuredTransfer() throws IOException {
        Path a = folder.resolve("a.json");
        Path b = folder.resolve("b.json");
        Run.of("embed", "--fisher", EXACT, "-o", a);
        Run.of("embed", "--fisher", EMPIRICAL, "-o", b);
        Path transfer = Files.writeString(folder.resolve("t.json"), "{\"a\":{\"b\":0.9}}");
        Run run = Run.of("similarity", a, b, "--transfer", transfer, "--json");
        assertEquals(0, run.exitCode(), run.err());
        assertEquals(
                1,
                JsonParser.parseString(run.out())
                        .getAsJsonObject()
                        .get("mean_reciprocal_rank")
                        .getAsDouble());
        Path wrong = Files.writeString(folder.resolve("w.json"), "[1]");
        assertEquals(1, Run.of("similarity", a, b, "--transfer", wrong).exitCode());
    }

    @Test
    void refusesWhatIsNoEmbedding() throws IOException {
        Path text = Files.writeString(folder.resolve("x.json"), "{}");
        Run run = Run.of("similarity", text, EXACT);
        assertEquals(1, run.exitCode());
        assertTrue(run.err().contains("not a task embedding"), run.err());
        assertEquals(2, Run.of("embed", "--fisher", EXACT, "-o", "e.txt").exitCode());
        assertEquals(2, Run.of("similarity", EXACT).exitCode());
    }
}
