package io.squisher.format.pytorch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.files.FormatException;
import io.squisher.files.Mutations;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MalformedTorchFileTest {
    @TempDir
    Path folder;

    private static final String STORAGE =
            "ctorch._utils\n_rebuild_tensor_v2\n((S'storage'\nctorch\nFloatStorage\nS'0'\nS'cpu'\n";

    /** A pickle of one tensor: number of elements of its storage, offset, and the tuples of sizes and strides. */
    private static String tensor(String elements, String offset, String sizes, String strides) {
        return STORAGE + "I" + elements + "\ntQI" + offset + "\n" + sizes + strides + "I00\nNtR.";
    }

    private static String tuple(long... values) {
        StringBuilder text = new StringBuilder("(");
        Arrays.stream(values).forEach(value -> text.append('I').append(value).append('\n'));
        return text.append('t').toString();
    }

    private Path zip(String pickle, int storageBytes) throws IOException {
        Map<String, byte[]> members = new LinkedHashMap<>();
        members.put("archive/data.pkl", pickle.getBytes(StandardCharsets.ISO_8859_1));
        members.put("archive/data/0", new byte[storageBytes]);
        return zip(members);
    }

    private Path zip(Map<String, byte[]> members) throws IOException {
        Path path = folder.resolve("m.pt");
        try (OutputStream out = Files.newOutputStream(path);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> member : members.entrySet()) {
                zip.putNextEntry(new ZipEntry(member.getKey()));
                zip.write(member.getValue());
            }
        }
        return path;
    }

    private static String refused(Path path) {
        String message = assertThrows(FormatException.class, () -> new TorchFormat().open(path))
                .getMessage();
        assertEquals(1, message.lines().count());
        assertTrue(message.startsWith("cannot read '" + path + "': "), message);
        return message;
    }

    @Test
    void theWellFormedOneIsRead() throws IOException {
        Path path = zip(tensor("4", "1", tuple(3), tuple(1)), 16);
        try (WeightSource source = new TorchFormat().open(path)) {
            assertEquals(3, source.tensor("").size());
        }
    }

    @Test
    void viewsBeyondTheirStorageAreRefused() throws IOException {
        String beyond = "is beyond its storage of 16 bytes";
        assertTrue(refused(zip(tensor("4", "2", tuple(3), tuple(1)), 16)).contains(beyond));
        assertTrue(refused(zip(tensor("4", "0", tuple(2), tuple(4)), 16)).contains(beyond));
        assertTrue(refused(zip(tensor("4", "-1", tuple(1), tuple(1)), 16)).contains(beyond));
        assertTrue(refused(zip(tensor("4", "0", tuple(2), tuple(-1)), 16)).contains("negative stride"));
        assertTrue(refused(zip(tensor("4", "0", tuple(-2), tuple(1)), 16)).contains("negative dimension"));
        assertTrue(refused(zip(tensor("4", "0", tuple(1L << 40, 1L << 40), tuple(1, 1)), 16))
                .contains("overflow"));
        assertTrue(refused(zip(tensor("4", "0", tuple(3), tuple(Long.MAX_VALUE)), 16))
                .contains("overflow"));
        assertTrue(refused(zip(tensor("4", "0", tuple(1, 1), tuple(1)), 16)).contains("2 dimensions and 1 stride"));
    }

    @Test
    void viewsThatRepeatTheirStorageAreBounded() throws IOException {
        String message = refused(zip(tensor("4", "0", tuple(1 << 21), tuple(0)), 16));
        assertTrue(message.contains("repeats its storage of 16 bytes; save it with .contiguous()"), message);
    }

    /** A list of thousands that a few bytes copy again and again. */
    @Test
    void picklesThatCopyTheirValuesOverAndOverAreRefused() throws IOException {
        String list = "(" + "N".repeat(5000) + "lp0\n";
        String copies = "cbuiltins\nlist\n(g0\ntR0".repeat(1000);
        String message = refused(zip(list + copies + ".", 0));
        assertTrue(message.contains("it copies its values over and over"), message);
    }

    @Test
    void picklesOfMillionsOfValuesAreRefused() throws IOException {
        String message = refused(zip("N0".repeat(9 << 20) + "N.", 0));
        assertTrue(message.contains("more than 8388608 values"), message);
    }

    /** Each tensor would be called by the whole way to it. */
    @Test
    void namesBeyondReasonLeadNowhere() throws IOException {
        String tensor = tensor("4", "0", tuple(1), tuple(1)).replace("R.", "R");
        String deep = "(dS'" + "x".repeat(5000) + "'\n(dS'w'\n" + tensor + "ss.";
        try (WeightSource source = new TorchFormat().open(zip(deep, 16))) {
            assertTrue(source.names().isEmpty(), source.names().toString());
        }
    }

    @Test
    void namesOfParametersThatAreNoTextAreNoNames() throws IOException {
        String slot =
                "(dI0\n(dS'exp_avg_sq'\n" + tensor("4", "0", tuple(4), tuple(1)).replace("R.", "R") + "ss";
        String groups = "((dS'params'\n(I0\nlsS'param_names'\n(I7\nlsl";
        try (TorchCheckpoint checkpoint =
                TorchCheckpoint.open(zip("(dS'state'\n" + slot + "sS'param_groups'\n" + groups + "s.", 16))) {
            assertTrue(checkpoint.optimizer().slots().get(0).name().isEmpty());
        }
    }

    @Test
    void storagesThatLieAboutTheirSizeAreRefused() throws IOException {
        String message = refused(zip(tensor("4", "0", tuple(4), tuple(1)), 15));
        assertTrue(message.contains("the storage '0' has 15 bytes, its tensors need 16"), message);
        assertTrue(refused(zip(tensor("-4", "0", tuple(1), tuple(1)), 16)).contains("a storage of -4 elements"));
        assertTrue(refused(zip(tensor("9223372036854775807", "0", tuple(1), tuple(1)), 16))
                .contains("a storage of 9223372036854775807 elements"));
    }

    @Test
    void aMissingStorageIsRefused() throws IOException {
        byte[] pickle = tensor("4", "0", tuple(4), tuple(1)).getBytes(StandardCharsets.ISO_8859_1);
        String message = refused(zip(Map.of("archive/data.pkl", pickle)));
        assertTrue(message.contains("no member 'archive/data/0'"), message);
    }

    @Test
    void aHostilePickleIsRefusedByName() throws IOException {
        Path path = zip("cbuiltins\nexec\n(S'raise SystemExit'\ntR.", 0);
        assertEquals(
                "cannot read '" + path
                        + "': unsupported PyTorch file (it holds an object of 'builtins.exec', whose code is not run;"
                        + " save plain tensors (model.state_dict()) instead of objects)",
                refused(path));
        assertTrue(refused(zip("c__torch__.net\nModel\n)R.", 0)).contains("'__torch__.net.Model'"));
    }

    /** Beside the tensors it does nothing, and harms nothing. */
    @Test
    void aHostilePickleBesideATensorIsInert() throws IOException {
        String tensor = tensor("4", "0", tuple(4), tuple(1)).replace("R.", "R");
        Path path = zip("(dS'hyper_parameters'\ncos\nsystem\n(S'echo hacked'\ntRsS'w'\n" + tensor + "s.", 16);
        try (WeightSource source = new TorchFormat().open(path)) {
            assertEquals(Set.of("w"), source.names());
        }
    }

    @Test
    void aTensorOfATensorOfItselfIsAPlaceholder() throws IOException {
        String itself =
                "ctorch._tensor\n_rebuild_from_type_v2\n(ctorch._tensor\n_rebuild_from_type_v2\ncmine\nSub\n(lp0\n"
                        + "ctorch._tensor\n_rebuild_from_type_v2\nacmine\nSub\nag0\naNaNtR.";
        assertTrue(refused(zip(itself, 0)).contains("an object of 'mine.Sub'"));
    }

    /** Each module holds the next one twice: 2 to the 40th names. */
    @Test
    void modulesInModulesWithoutEndAreRefused() throws IOException {
        StringBuilder pickle = new StringBuilder("cmine\nNet\n)\u0081(dS'_parameters'\n(dsS'_modules'\n(dsb");
        for (int i = 0; i < 40; i++) {
            pickle.append("p").append(i).append("\n0cmine\nNet\n)\u0081(dS'_parameters'\n(dsS'_modules'\n(dS'a'\ng");
            pickle.append(i).append("\nsS'b'\ng").append(i).append("\nssb");
        }
        assertTrue(refused(zip(pickle + ".", 0)).contains("modules in modules without end"));
        String own = "cmine\nNet\n)\u0081p0\n(dS'_parameters'\n(dsS'_modules'\n(dS'a'\ng0\nssb.";
        assertTrue(refused(zip(own, 0)).contains("modules in modules without end"));
    }

    @Test
    void otherFilesAreNotPyTorchFiles() throws IOException {
        Path text = Files.writeString(folder.resolve("text.pt"), "weights: none\n");
        assertTrue(refused(text).endsWith("not a PyTorch file (it is text; give the file that holds the numbers)"));
        Path pickle = Files.write(folder.resolve("other.pt"), new byte[] {(byte) 0x80, 2, 'K', 1, '.'});
        assertTrue(refused(pickle).endsWith("not a PyTorch file (a pickle, but not one that torch.save wrote)"));
        Path archive = zip(Map.of("readme.txt", new byte[3]));
        assertTrue(refused(archive).endsWith("not a PyTorch file (an archive without <name>/data.pkl)"));
        assertTrue(refused(Files.createFile(folder.resolve("empty.pt"))).contains("not a PyTorch file"));
        Path missing = folder.resolve("missing.pt");
        assertEquals("cannot read '" + missing + "': no such file", refused(missing));
    }

    @Test
    void scriptedAndBigEndianArchivesAreUnsupported() throws IOException {
        byte[] empty = ").".getBytes(StandardCharsets.ISO_8859_1);
        assertTrue(refused(zip(Map.of("m/data.pkl", empty, "m/constants.pkl", empty)))
                .contains("a TorchScript archive; save the model's state_dict instead"));
        byte[] big = "big".getBytes(StandardCharsets.US_ASCII);
        assertTrue(refused(zip(Map.of("m/data.pkl", empty, "m/byteorder", big))).contains("big-endian storages"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"views", "views_legacy"})
    void everyTruncationIsRefused(String name) throws IOException {
        byte[] whole = Files.readAllBytes(TorchCheckpointTest.FILES.resolve(name + ".pt"));
        for (int length = 0; length < whole.length; length++) {
            refused(Files.write(folder.resolve("cut.pt"), Arrays.copyOf(whole, length)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"adam", "views", "legacy"})
    void mutationsNeverEscape(String name) throws IOException {
        byte[] original = Files.readAllBytes(TorchCheckpointTest.FILES.resolve(name + ".pt"));
        Mutations.of(original, folder.resolve("mutant.pt"), mutant -> {
            try (TorchCheckpoint checkpoint = TorchCheckpoint.open(mutant)) {
                checkpoint.weights().ifPresent(weights -> weights.names()
                        .forEach(tensor -> weights.tensor(tensor).toDoubles()));
                checkpoint.optimizer();
            }
        });
    }
}
