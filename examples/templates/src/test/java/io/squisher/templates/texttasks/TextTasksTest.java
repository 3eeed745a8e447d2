package io.squisher.templates.texttasks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.apps.taskembedding.NearestSources;
import io.squisher.apps.taskembedding.TaskDistances;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class TextTasksTest {
    @TempDir
    private Path folder;

    @Test
    void textsOfOneKindAreNearToASentenceEncoder() throws IOException {
        Path model = Encoder.model(folder);
        Path tokenizer = Encoder.tokenizer(folder);
        Path soups = text("soups", "Boil the onions in butter until soft.", "Add salt and stir the soup slowly.");
        Path cakes = text("cakes", "Beat the eggs with butter and sugar.", "Bake the cake until it is brown.");
        Path football = text("football", "The striker scored in the last minute.", "The team lost the final again.");
        TaskDistances distances = TextTasks.run(model, tokenizer, List.of(soups, football, cakes));
        assertEquals(List.of("cakes", "football"), new NearestSources(distances).sourcesFor("soups"));
    }

    private Path text(String name, String... sentences) throws IOException {
        return Files.write(folder.resolve(name), List.of(sentences));
    }
}
