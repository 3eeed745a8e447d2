package io.squisher.apps.cli.command.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.Fixtures;
import io.squisher.apps.cli.Run;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {
    @Test
    void listsTensorsWithTheirRoles() {
        Run run = Run.of("inspect", Fixtures.path("bn_cnn/model.onnx"), "--json");
        assertEquals(0, run.exitCode(), run.err());
        JsonObject document = JsonParser.parseString(run.out()).getAsJsonObject();
        assertEquals("ONNX model", document.get("format").getAsString());
        var roles = new java.util.TreeMap<String, String>();
        document.getAsJsonArray("tensors")
                .forEach(tensor -> roles.put(
                        tensor.getAsJsonObject().get("name").getAsString(),
                        tensor.getAsJsonObject().get("role").getAsString()));
        assertEquals("statistic", roles.get("1.running_mean"));
        assertEquals("parameter", roles.get("1.weight"));
    }

    /** An archive too, as PyTorch's files are. */
    @Test
    void listsArrays() {
        Run run = Run.of("inspect", "../../protos/src/test/resources/numpy/arrays.npz");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("npz file"), run.out());
    }

    @Test
    void refusesWhatIsNoKnownFile(@TempDir Path folder) throws java.io.IOException {
        Path file = Files.write(folder.resolve("notes"), new byte[] {1, 2, 3, 0});
        Run run = Run.of("inspect", file);
        assertEquals(1, run.exitCode());
        assertTrue(run.err().startsWith("squisher: cannot read '" + file + "': neither "), run.err());
    }
}
