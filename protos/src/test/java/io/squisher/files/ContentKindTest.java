package io.squisher.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentKindTest {
    private static final Path RESOURCES = Path.of("src/test/resources");

    @TempDir
    private Path folder;

    @Test
    void filesOfOtherProgramsAreKnownUnderAnyName() throws IOException {
        Map<String, ContentKind> kinds = Map.of(
                "pytorch/adam.pt", ContentKind.TORCH_ARCHIVE,
                "pytorch/legacy.pt", ContentKind.TORCH_PICKLE,
                "keras/plain.keras", ContentKind.KERAS_ARCHIVE,
                "keras/legacy.h5", ContentKind.HDF5);
        for (Map.Entry<String, ContentKind> entry : kinds.entrySet()) {
            Path copy = folder.resolve("data");
            Files.write(copy, Files.readAllBytes(RESOURCES.resolve(entry.getKey())));
            assertEquals(Optional.of(entry.getValue()), ContentKind.of(copy), entry.getKey());
        }
    }

    @Test
    void aHeaderIsOneOnlyWhereTheFileIsLongEnough() throws IOException {
        assertKind(ContentKind.SAFETENSORS, "\2\0\0\0\0\0\0\0{}");
        assertKind(null, "\3\0\0\0\0\0\0\0{}");
        assertKind(null, "\2\0\0\0\0\0\0\0[]");
    }

    @Test
    void anIndexSaysOfWhichFiles() throws IOException {
        assertKind(ContentKind.SAFETENSORS_INDEX, "{\"weight_map\": {\"w\": \"model-00001-of-00001.safetensors\"}}");
        assertKind(ContentKind.TORCH_INDEX, "{\"weight_map\": {\"w\": \"pytorch_model-00001-of-00001.bin\"}}");
        assertKind(null, "{\"weight_map\": {}}");
        assertKind(null, "{\"error\": \"none\"}");
    }

    @Test
    void theFirstFieldsOfAModelAreItsVersionAndAKnownOne() throws IOException {
        assertKind(ContentKind.ONNX, "\b\b\22\7pytorch");
        assertKind(null, "\b\b\b\b\b");
        assertKind(null, "\n\4text");
    }

    @Test
    void picklesAndArchivesOfOthersAreNamed() throws IOException {
        assertKind(ContentKind.PICKLE, "\u0080\4\u0095\20\0\0");
        assertKind(ContentKind.ZIP, "PK\3\4");
        assertKind(ContentKind.DOCUMENT, "PK\3\4" + "\0".repeat(22) + "\23\0\0\0[Content_Types].xml");
        assertKind(ContentKind.NUMPY_ARCHIVE, "PK\3\4" + "\0".repeat(22) + "\5\0\0\0x.npy");
    }

    @Test
    void aFolderAndAShortFileAreOfNoKind() throws IOException {
        assertEquals(Optional.empty(), ContentKind.of(folder));
        assertEquals(Optional.empty(), ContentKind.of(folder.resolve("missing")));
        assertKind(null, "PK");
    }

    private void assertKind(ContentKind kind, String bytes) throws IOException {
        Path file = Files.write(folder.resolve("f"), bytes.getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(Optional.ofNullable(kind), ContentKind.of(file), bytes);
    }
}
