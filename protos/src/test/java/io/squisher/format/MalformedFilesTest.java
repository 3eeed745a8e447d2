package io.squisher.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.checkpoint.Checkpoint;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Real files, cut off or changed where their structure has a joint, with what is said of each: by whoever opens them as weights
 * and as a checkpoint, and reads all of both. Formats with more to get wrong have a class of their own besides.
 */
class MalformedFilesTest {
    private static final Path RESOURCES = Path.of("src/test/resources");
    private static final String FIXTURES = "../../../../onnx-tools/src/test/resources/fixtures/multilabel_bernoulli/";
    private static final String SAFETENSORS = FIXTURES + "fisher_joint.safetensors";
    private static final String ONNX = FIXTURES + "model.onnx";

    @TempDir
    Path folder;

    /** Changes a sound file's bytes. */
    private interface Damage {
        byte[] of(byte[] bytes) throws IOException;
    }

    private static Arguments damaged(String resource, String what, Damage damage, String expected) {
        return Arguments.of(resource, what, damage, expected);
    }

    private static Damage cut(int length) {
        return bytes -> Arrays.copyOf(bytes, length < 0 ? bytes.length + length : length);
    }

    private static Damage put(int at, int... values) {
        return bytes -> {
            byte[] changed = bytes.clone();
            for (int i = 0; i < values.length; i++) {
                changed[at + i] = (byte) values[i];
            }
            return changed;
        };
    }

    /** The archive with one member changed by {@code damage}. */
    private static Damage member(String ending, Damage damage) {
        return bytes -> {
            Path archive = Files.createTempFile("malformed", ".zip");
            try {
                Files.write(archive, bytes);
                return rewritten(archive, ending, damage);
            } finally {
                Files.delete(archive);
            }
        };
    }

    private static byte[] rewritten(Path archive, String ending, Damage damage) throws IOException {
        Map<String, byte[]> members = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                byte[] content = zip.getInputStream(entry).readAllBytes();
                members.put(entry.getName(), entry.getName().endsWith(ending) ? damage.of(content) : content);
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> member : members.entrySet()) {
                ZipEntry entry = new ZipEntry(member.getKey());
                CRC32 crc = new CRC32();
                crc.update(member.getValue());
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(member.getValue().length);
                entry.setCrc(crc.getValue());
                zip.putNextEntry(entry);
                zip.write(member.getValue());
            }
        }
        return out.toByteArray();
    }

    private static Damage text(String from, String to) {
        return bytes -> {
            String before = new String(bytes, StandardCharsets.ISO_8859_1);
            assertTrue(before.contains(from), "the file has no " + from);
            int at = before.indexOf(from);
            return (before.substring(0, at) + to + before.substring(at + from.length()))
                    .getBytes(StandardCharsets.ISO_8859_1);
        };
    }

    static Stream<Arguments> files() {
        return Stream.of(hdf5(), keras(), npz(), torch(), safetensors(), onnx()).flatMap(List::stream);
    }

    private static List<Arguments> hdf5() {
        return List.of(
                damaged(
                        "keras/adam.weights.h5",
                        "signature cut",
                        cut(7),
                        "cannot read 'adam.weights.h5': neither safetensors file nor safetensors index nor ONNX model"
                                + " nor Keras model nor npz file nor Flax checkpoint nor index of PyTorch files nor PyTorch file nor"
                                + " TensorFlow checkpoint"),
                damaged(
                        "keras/adam.weights.h5",
                        "signature alone",
                        cut(8),
                        "cannot read 'adam.weights.h5': bad HDF5 file (truncated)"),
                damaged(
                        "keras/adam.weights.h5",
                        "superblock cut",
                        cut(40),
                        "cannot read 'adam.weights.h5': bad HDF5 file (truncated)"),
                damaged(
                        "keras/adam.weights.h5",
                        "superblock alone",
                        cut(96),
                        "cannot read 'adam.weights.h5': bad HDF5 file (it has 96 of the 21780 bytes that its"
                                + " header states; it was not downloaded or written to its end, so fetch it again)"),
                damaged(
                        "keras/adam.weights.h5",
                        "a group cut",
                        cut(10_000),
                        "cannot read 'adam.weights.h5': bad HDF5 file (it has 10000 of the 21780 bytes that its"
                                + " header states; it was not downloaded or written to its end, so fetch it again)"),
                damaged(
                        "keras/adam.weights.h5",
                        "last dataset cut",
                        cut(-1),
                        "cannot read 'adam.weights.h5': bad HDF5 file (it has 21779 of the 21780 bytes that its"
                                + " header states; it was not downloaded or written to its end, so fetch it again)"),
                damaged(
                        "keras/legacy.h5",
                        "a group cut",
                        cut(15_000),
                        "cannot read 'legacy.h5': bad HDF5 file (it has 15000 of the 31248 bytes that its"
                                + " header states; it was not downloaded or written to its end, so fetch it again)"));
    }

    private static List<Arguments> keras() {
        return List.of(
                damaged(
                        "keras/plain.keras",
                        "end cut",
                        cut(-1),
                        "cannot read 'plain.keras': bad zip archive (the directory at the archive's end is missing;"
                                + " it was not downloaded or written to its end, so fetch it again)"),
                damaged(
                        "keras/plain.keras",
                        "settings cut",
                        member("config.json", cut(-1)),
                        "cannot read 'plain.keras': bad Keras model (its settings are no JSON object: End of input at"
                                + " line 1 column 335 path $.compile_config)"),
                damaged(
                        "keras/plain.keras",
                        "settings empty",
                        member("config.json", cut(0)),
                        "cannot read 'plain.keras': bad Keras model (its settings are no JSON object: Not a JSON"
                                + " Object: null)"),
                damaged(
                        "keras/plain.keras",
                        "optimizer unknown",
                        member("config.json", text("\"Adam\"", "\"Mine\"")),
                        "cannot convert 'plain.keras': its optimizer 'Mine' is none of those whose averages of"
                                + " squared gradients are known; train with Adam, or compute the Fisher with 'squisher fisher'"),
                damaged(
                        "keras/plain.keras",
                        "weights cut",
                        member(".h5", cut(-1)),
                        "cannot read 'plain.keras': bad HDF5 file (the dataset 'optimizer/vars/13' reaches beyond the"
                                + " file)"),
                damaged(
                        "keras/plain.keras",
                        "weights of another format",
                        member(".h5", cut(3)),
                        "cannot read 'plain.keras': not an HDF5 file (it does not start with HDF5's signature)"));
    }

    private static List<Arguments> npz() {
        return List.of(
                damaged(
                        "numpy/arrays.npz",
                        "end cut",
                        cut(-1),
                        "cannot read 'arrays.npz': bad zip archive (the directory at the archive's end is missing; it"
                                + " was not downloaded or written to its end, so fetch it again)"),
                damaged(
                        "numpy/arrays.npz",
                        "magic cut",
                        member(".npy", cut(5)),
                        "cannot read 'arrays.npz': bad npz file (array 'w': it does not start as an npy array)"),
                damaged(
                        "numpy/arrays.npz",
                        "version cut",
                        member(".npy", cut(7)),
                        "cannot read 'arrays.npz': bad npz file (array 'w': it does not start as an npy array)"),
                damaged(
                        "numpy/arrays.npz",
                        "length cut",
                        member(".npy", cut(9)),
                        "cannot read 'arrays.npz': bad npz file (array 'w': its header is truncated)"),
                damaged(
                        "numpy/arrays.npz",
                        "header cut",
                        member(".npy", cut(40)),
                        "cannot read 'arrays.npz': bad npz file (array 'w': its header is truncated)"),
                damaged(
                        "numpy/arrays.npz",
                        "values cut",
                        member(".npy", cut(-1)),
                        "cannot read 'arrays.npz': bad npz file (array 'w' of F32[2, 3] needs 24 bytes and has 23)"),
                damaged(
                        "numpy/arrays.npz",
                        "length lies",
                        member(".npy", put(8, 0xff, 0xff)),
                        "cannot read 'arrays.npz': bad npz file (array 'w': its header is truncated)"),
                damaged(
                        "numpy/arrays.npz",
                        "shape lies",
                        member(".npy", text("(", "(9999999999999,")),
                        "cannot read 'arrays.npz': bad npz file (array 'w' of F32[9999999999999, 2, 3] needs"
                                + " 239999999999976 bytes and has 38)"));
    }

    private static List<Arguments> torch() {
        return List.of(
                damaged(
                        "pytorch/adam.pt",
                        "pickle cut at its end",
                        member("data.pkl", cut(-1)),
                        "cannot read 'adam.pt': bad PyTorch file (pickle opcode at 0x992: truncated at 0x992)"),
                damaged(
                        "pytorch/adam.pt",
                        "pickle cut in a name",
                        member("data.pkl", cut(100)),
                        "cannot read 'adam.pt': bad PyTorch file (pickle opcode at 0x45: truncated at 0x64)"),
                damaged(
                        "pytorch/adam.pt",
                        "storage cut",
                        member("data/0", cut(-1)),
                        "cannot read 'adam.pt': bad PyTorch file (the storage '0' has 47 bytes, its tensors need 48)"),
                damaged(
                        "pytorch/adam.pt",
                        "hostile name",
                        member("data.pkl", text("ccollections\nOrderedDict\n", "cos\nsystem\n")),
                        "cannot read 'adam.pt': unsupported PyTorch file (it holds an object of 'os.system', whose code is not"
                                + " run; save plain tensors (model.state_dict()) instead of objects)"),
                damaged(
                        "pytorch/legacy.pt",
                        "first pickle cut",
                        cut(10),
                        "cannot read 'legacy.pt': not a PyTorch file (neither a zip archive nor a pickle)"),
                damaged(
                        "pytorch/legacy.pt",
                        "last storage cut",
                        cut(-1),
                        "cannot read 'legacy.pt': bad PyTorch file (the storage '490909456' of 8 elements at 0x10ae is"
                                + " truncated or has another size)"));
    }

    private static List<Arguments> safetensors() {
        return List.of(
                damaged(
                        SAFETENSORS,
                        "length cut",
                        cut(7),
                        "cannot read 'fisher_joint.safetensors': not a safetensors file (the file has 7 bytes, the"
                                + " header alone needs 8)"),
                damaged(
                        SAFETENSORS,
                        "header cut",
                        cut(30),
                        "cannot read 'fisher_joint.safetensors': bad safetensors file (truncated: the header needs 344"
                                + " bytes, 22 are left)"),
                damaged(
                        SAFETENSORS,
                        "values cut",
                        cut(-1),
                        "cannot read 'fisher_joint.safetensors': bad safetensors file (truncated: tensor '2.weight'"
                                + " ends at 0x978, the file at 0x977)"),
                damaged(
                        SAFETENSORS,
                        "length lies",
                        put(0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f),
                        "cannot read 'fisher_joint.safetensors': not a safetensors file (the first 8 bytes give a"
                                + " header of 9223372036854775807 bytes, 2 to 100000000 are possible)"));
    }

    private static List<Arguments> onnx() {
        return List.of(
                damaged(
                        ONNX,
                        "last field cut",
                        cut(-1),
                        "cannot read 'model.onnx': bad ONNX model (damaged or truncated: While parsing a protocol"
                                + " message, the input ended unexpectedly in the middle of a field.  This could mean"
                                + " either that the input has been truncated or that an embedded message misreported its"
                                + " own length.)"),
                damaged(
                        ONNX,
                        "a node cut",
                        cut(700),
                        "cannot read 'model.onnx': bad ONNX model (damaged or truncated: While parsing a protocol"
                                + " message, the input ended unexpectedly in the middle of a field.  This could mean"
                                + " either that the input has been truncated or that an embedded message misreported its"
                                + " own length.)"),
                damaged(
                        ONNX,
                        "empty",
                        cut(0),
                        "cannot read 'model.onnx': not an ONNX model (the file is empty; download or export it again)"),
                damaged(
                        ONNX,
                        "tags changed",
                        put(1, 0xff, 0xff, 0xff, 0xff, 0x7f),
                        "cannot read 'model.onnx': bad ONNX model (damaged or truncated: Protocol message end-group"
                                + " tag did not match expected tag.)"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("files")
    void isRefusedInOneLine(String resource, String what, Damage damage, String expected) throws IOException {
        Path sound = RESOURCES.resolve(resource);
        Path path = folder.resolve(sound.getFileName());
        Files.write(path, damage.of(Files.readAllBytes(sound)));
        String message =
                assertThrows(SquisherException.class, () -> readAll(path)).getMessage();
        assertEquals(1, message.lines().count(), message);
        assertEquals(
                expected, message.replace(path.toString(), path.getFileName().toString()));
    }

    private static void readAll(Path path) {
        try (WeightSource weights = WeightFormats.open(path)) {
            weights.names().forEach(name -> weights.tensor(name).toDoubles());
        }
        if (CheckpointFormats.recognises(path)) {
            try (Checkpoint checkpoint = CheckpointFormats.open(path)) {
                checkpoint.optimizer().slots().forEach(slot -> slot.accumulator()
                        .ifPresent(Tensor::toDoubles));
            }
        }
    }
}
