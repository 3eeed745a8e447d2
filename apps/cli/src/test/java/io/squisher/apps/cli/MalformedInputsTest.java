package io.squisher.apps.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.Fixtures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad files in every place that inspect, convert and map take one: one line, exit code 1, and nothing is left. */
class MalformedInputsTest {
    private static final Path TORCH = Path.of("../../protos/src/test/resources/pytorch");
    private static final Path KERAS = Path.of("../../protos/src/test/resources/keras");

    @TempDir
    private static Path folder;

    private static Path squisher;

    @BeforeAll
    static void writeFiles() throws IOException {
        squisher = folder.resolve("sound.safetensors");
        assertEquals(
                0, Run.of("convert", TORCH.resolve("adam.pt"), "-o", squisher).exitCode());
        half(TORCH.resolve("adam.pt"), "cut.pt");
        half(TORCH.resolve("legacy.pt"), "cut-legacy.pt");
        half(KERAS.resolve("plain.keras"), "cut.keras");
        half(KERAS.resolve("legacy.h5"), "cut.h5");
        half(Fixtures.path("mlp_relu/model.onnx"), "cut.onnx");
        half(squisher, "cut.safetensors");
        text("cos\nsystem\n(S'touch hacked'\ntR.", "hostile.pt");
        text("hello", "notes.txt");
        text("hello", "notes.onnx");
        text("", "empty.npz");
        text("{\"weight_map\":{\"w\":\"../../secret.safetensors\"}}", "escape.safetensors.index.json");
        text("hello", "m.ckpt.index");
        Path shards = Files.createDirectories(folder.resolve("fsdp/optimizer_0"));
        Files.write(shards.resolve("__0_0.distcp"), new byte[10]);
        Files.createDirectories(folder.resolve("empty-folder"));
        Path rank = Files.createDirectories(folder.resolve("global_step3"));
        Files.copy(
                TORCH.resolve("zero2/global_step3/zero_pp_rank_1_mp_rank_00_optim_states.pt"),
                rank.resolve("zero_pp_rank_1_mp_rank_00_optim_states.pt"));
    }

    private static void half(Path sound, String name) throws IOException {
        byte[] bytes = Files.readAllBytes(sound);
        Files.write(folder.resolve(name), Arrays.copyOf(bytes, bytes.length / 2));
    }

    private static void text(String content, String name) throws IOException {
        Files.write(folder.resolve(name), content.getBytes(StandardCharsets.ISO_8859_1));
    }

    static Stream<String> names() {
        return Stream.of(
                "cut.pt",
                "cut-legacy.pt",
                "cut.keras",
                "cut.h5",
                "cut.onnx",
                "cut.safetensors",
                "hostile.pt",
                "notes.txt",
                "notes.onnx",
                "empty.npz",
                "escape.safetensors.index.json",
                "m.ckpt.index",
                "fsdp",
                "fsdp/optimizer_0/__0_0.distcp",
                "empty-folder",
                "global_step3",
                "missing.pt");
    }

    @ParameterizedTest
    @MethodSource("names")
    void isRefusedInOneLineWhereverItIsGiven(String name) throws IOException {
        Path bad = folder.resolve(name);
        Path sound = TORCH.resolve("adam.pt");
        Path out = folder.resolve("out.safetensors");
        List<Object[]> commands = List.of(
                new Object[] {"inspect", bad},
                new Object[] {"convert", bad, "-o", out},
                new Object[] {"convert", sound, "--model", bad, "-o", out},
                new Object[] {"map", bad, "--weights", sound, "--to", sound, "-o", out},
                new Object[] {"map", squisher, "--weights", bad, "--to", sound, "-o", out},
                new Object[] {"map", squisher, "--weights", sound, "--to", bad, "-o", out});
        long before = files();
        for (Object[] words : commands) {
            Run run = Run.of(words);
            assertEquals(1, run.exitCode(), Arrays.toString(words) + run.out());
            assertEquals(1, run.err().lines().count(), Arrays.toString(words) + run.err());
            assertTrue(run.err().startsWith("squisher: cannot read '" + bad), Arrays.toString(words) + run.err());
            assertEquals(before, files(), Arrays.toString(words));
        }
    }

    private static long files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.count();
        }
    }

    @Test
    void aFileThatCannotBeWrittenIsOneLineToo() {
        Path out = folder.resolve("no/such/folder/out.safetensors");
        Run run = Run.of("convert", TORCH.resolve("adam.pt"), "-o", out);
        assertEquals(1, run.exitCode());
        assertEquals("squisher: cannot write '" + out + "': there is no folder '" + out.getParent() + "'\n", run.err());
    }
}
