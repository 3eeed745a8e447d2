package io.squisher.templates.task2vec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.apps.taskembedding.NearestSources;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TensorFlow's optimizers leave an order open: nothing is exact. */
@Tag("slow")
class Task2VecTest {
    @TempDir
    private Path folder;

    @Test
    void likeTasksHaveNearEmbeddings() {
        NearestSources nearest = new NearestSources(Task2Vec.run(folder, 200));
        assertEquals("0 1 3", nearest.sourcesFor("0 1 2").get(0));
        assertEquals("6 7 9", nearest.sourcesFor("6 7 8").get(0));
    }
}
