package io.squisher.apps.taskembedding;

import static io.squisher.apps.Fixtures.fisher;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.apps.Fixtures;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.taskembedding.Grouping.FilterAxis;
import io.squisher.apps.taskembedding.Grouping.Kind;
import io.squisher.apps.taskembedding.Grouping.Vectors;
import io.squisher.fisher.FisherFile;
import io.squisher.fisher.FisherScale;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TaskEmbeddingTest {
    private static final NamedFisher SMALL = small();

    private static NamedFisher small() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("w", Tensor.of(Shape.of(2, 3), 1.0, 2, 3, 4, 5, 9));
        tensors.put("b", Tensor.of(Shape.of(2), 7.0, 8));
        return fisher("task", tensors);
    }

    private static double[] embed(Kind kind, FilterAxis axis, Vectors vectors) {
        return TaskEmbedding.of(SMALL, new Grouping(kind, axis, vectors, Optional.empty()), FisherScale.NONE)
                .values();
    }

    @Test
    void averagesOverFiltersTensorsOrNothing() {
        assertArrayEquals(new double[] {2, 6}, embed(Kind.FILTER, FilterAxis.FIRST, Vectors.DROP), 1e-15);
        assertArrayEquals(new double[] {2.5, 3.5, 6}, embed(Kind.FILTER, FilterAxis.LAST, Vectors.DROP), 1e-15);
        assertArrayEquals(new double[] {2, 6, 7, 8}, embed(Kind.FILTER, FilterAxis.FIRST, Vectors.KEEP), 1e-15);
        assertArrayEquals(new double[] {4, 7.5}, embed(Kind.TENSOR, FilterAxis.FIRST, Vectors.KEEP), 1e-15);
        assertArrayEquals(new double[] {1, 2, 3, 4, 5, 9}, embed(Kind.ELEMENT, FilterAxis.FIRST, Vectors.DROP), 1e-15);
    }

    @Test
    void embedsARealFisherFilterByFilter() {
        try (FisherFile file = FisherFile.open(Fixtures.path("lenet_cnn/fisher_exact.safetensors"))) {
            NamedFisher fisher = new NamedFisher("lenet", file.diagonal());
            Grouping headless =
                    new Grouping(Kind.FILTER, FilterAxis.FIRST, Vectors.DROP, Optional.of(Pattern.compile("^9")));
            TaskEmbedding embedding = TaskEmbedding.of(fisher, headless, FisherScale.NONE);
            assertEquals(Map.of("0.weight", 6, "3.weight", 8, "7.weight", 24), embedding.groups());
            assertEquals(38, embedding.values().length);
        }
    }

    @Test
    void comparesOnlyOverOneProbeNetwork() {
        TaskEmbedding one = TaskEmbedding.of(SMALL, Grouping.TASK2VEC, FisherScale.NONE);
        NamedFisher wide = fisher("wide", Map.of("w", Tensor.of(Shape.of(3, 1), 1.0, 2, 3)));
        TaskEmbedding two = TaskEmbedding.of(wide, Grouping.TASK2VEC, FisherScale.NONE);
        SquisherException e =
                assertThrows(SquisherException.class, () -> TaskDistances.of(List.of(one, two), Distance.COSINE));
        assertTrue(e.getMessage().contains("'wide' has other groups than 'task'"), e.getMessage());
    }

    @Test
    void refusesToEmbedNothing() {
        NamedFisher vectors = fisher("v", Map.of("b", Fixtures.vector(1)));
        assertThrows(SquisherException.class, () -> TaskEmbedding.of(vectors, Grouping.TASK2VEC, FisherScale.NONE));
    }
}
