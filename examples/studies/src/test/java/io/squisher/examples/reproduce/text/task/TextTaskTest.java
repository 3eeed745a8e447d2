package io.squisher.examples.reproduce.text.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextTaskTest {
    @TempDir
    Path folder;

    private Path task(String training, String test) throws IOException {
        Path task = Files.createDirectories(folder.resolve("pets"));
        Files.writeString(task.resolve("train.tsv"), training);
        Files.writeString(task.resolve("validation.tsv"), "a cow\tfarm\n");
        Files.writeString(task.resolve("test.tsv"), test);
        return task;
    }

    @Test
    void labelsAreNumberedInTheOrderOfTheirCharactersAndUnknownOnesAreLeftOut() throws IOException {
        TextTask task = TextTask.read(task("a cat\tpet\na cow\tfarm\n", "a bird\twild\na dog\tpet\n"), 100);
        assertEquals("pets", task.name());
        assertEquals(List.of("farm", "pet"), task.classes());
        assertEquals(List.of(new LabelledText("a cat", 1), new LabelledText("a cow", 0)), task.training());
        assertEquals(List.of(new LabelledText("a dog", 1)), task.test());
    }

    @Test
    void onlyTheFirstLinesAreLookedAt() throws IOException {
        TextTask task = TextTask.read(task("a\tx\nb\ty\nc\tz\n", "a\tx\n"), 2);
        assertEquals(List.of("x", "y"), task.classes());
    }

    @Test
    void aLineThatIsNoTextWithALabelIsNamed() throws IOException {
        Path broken = task("a cat\tpet\nno label\n", "a dog\tpet\n");
        String message = assertThrows(SquisherException.class, () -> TextTask.read(broken, 100))
                .getMessage();
        assertTrue(message.contains("train.tsv") && message.contains("line 2 is not text<TAB>label"), message);
    }

    @Test
    void aFolderWithoutTasksSaysWhatATaskIs() {
        String message = assertThrows(SquisherException.class, () -> TaskFolder.read(folder, List.of("trec"), 100))
                .getMessage();
        assertTrue(message.contains("[trec]") && message.contains("train.tsv"), message);
    }
}
