package io.squisher.format.flax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.files.FormatException;
import io.squisher.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Damage of every kind ends in one line. */
class MalformedFlaxFileTest {
    private static final Path SOUND = Path.of("src/test/resources/flax/chunks.msgpack");

    @TempDir
    Path folder;

    private String refused(byte[] bytes) throws IOException {
        Path path = Files.write(folder.resolve("m.msgpack"), bytes);
        String message =
                assertThrows(FormatException.class, () -> FlaxFile.open(path)).getMessage();
        assertEquals(1, message.lines().count(), message);
        assertTrue(message.startsWith("cannot read '" + path + "': "), message);
        return message;
    }

    /** A map of one name, {@code w}, and behind it the bytes. */
    @ParameterizedTest
    @CsvSource({
        "81a177df7fffffff, more than is left",
        "81a177dd7fffffff, more than is left",
        "81a177c97fffffff01, more than is left",
        "81a177c67fffffff, more than is left",
        "81a177db7fffffff, more than is left",
        "81a177dbffffffff, longer than 2 GiB",
        "81db0fffffffaa, a name of",
        "81c0c0, neither text nor number",
        "82a177c0a177c0, stands twice",
        "81a177c000, bytes follow",
        "9101, does not start with a map",
        "81a177d80193910ba7666c6f6174333201c4, 'e'",
        "81a177c7100193910aa7666c6f61743332c40400000000, has 4 bytes",
        "81a177c71001939102a7666c6f61743332c40400000000, has 4 bytes",
        "81a177c710019391ffa7666c6f61743332c40400000000, 'e'",
        "82b95f5f6d73677061636b5f6368756e6b65645f61727261795f5fc3a57368617065c0, lacks its shape"
    })
    void liesAreRefused(String hex, String why) throws IOException {
        String message = refused(HexFormat.of().parseHex(hex));
        assertTrue(message.contains(why.replace("'", "")), message);
    }

    @Test
    void depthIsBounded() throws IOException {
        byte[] deep = HexFormat.of().parseHex("81a178".repeat(5000) + "c0");
        assertTrue(refused(deep).contains("nested deeper"));
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        byte[] sound = Files.readAllBytes(SOUND);
        for (int length = 0; length < sound.length; length += 13) {
            refused(Arrays.copyOf(sound, length));
        }
    }

    @Test
    void mutantsAreReadOrRefused() throws IOException {
        byte[] sound = Files.readAllBytes(SOUND);
        long seed = 11;
        Random random = new Random(seed);
        for (int i = 0; i < 1000; i++) {
            byte[] mutant = sound.clone();
            for (int k = random.nextInt(3); k >= 0; k--) {
                mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
            }
            Path path = Files.write(folder.resolve("m.msgpack"), mutant);
            try (FlaxCheckpoint checkpoint = FlaxCheckpoint.open(path)) {
                checkpoint.weights().ifPresent(weights -> weights.names()
                        .forEach(name -> weights.tensor(name).toBytes()));
                checkpoint.optimizer().slots().forEach(slot -> slot.accumulator()
                        .ifPresent(Tensor::toBytes));
            } catch (SquisherException refusal) {
                assertEquals(1, refusal.getMessage().lines().count(), "seed " + seed + ", mutant " + i);
            }
        }
    }
}
