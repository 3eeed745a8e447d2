package io.squisher.apps;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.apps.quantization.PlanMethod;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.format.WeightFormats;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.proto.Provenance;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuantizingTest {
    @TempDir
    private Path folder;

    private Path model;
    private Path fisher;
    private Path out;

    @BeforeEach
    void write() {
        model = folder.resolve("m.safetensors");
        fisher = folder.resolve("f.safetensors");
        out = folder.resolve("out.safetensors");
        Tensor weights = Tensor.of(Shape.of(2, 2), 7f, 0.25f, 1.5f, -3f);
        SafetensorsWriter.write(model, Map.of("w", weights), Map.of());
        Provenance provenance =
                Provenance.newBuilder().setKind(Provenance.Kind.EMPIRICAL).build();
        Tensor diagonal = Tensor.of(Shape.of(2, 2), 1f, 2f, 3f, 4f);
        FisherFile.write(fisher, new FisherDiagonal(Map.of("w", diagonal), provenance));
    }

    private double[] written() {
        try (WeightSource source = WeightFormats.open(out)) {
            assertTrue(source.metadata().get("squisher.quantize").contains("\"formats\":{\"w\":"));
            return source.tensor("w").toDoubles();
        }
    }

    @Test
    void roundsToOneFormat() {
        Written done = Quantizing.of(model).format("int4-tensor").writeTo(out);
        assertEquals(out + ": 1 tensor rounded to 12.0000 bits a weight", done.toString());
        assertEquals(
                "quantization of " + model + ": call writeTo(file)",
                Quantizing.of(model).toString());
        assertArrayEquals(new double[] {7, 0, 2, -3}, written());
    }

    @Test
    void channelsMayBeAlongEitherAxis() {
        Quantizing.of(model).format("int4-channel").channelsLast().writeTo(out);
        // The second column has the scale 3/7.
        assertArrayEquals(new double[] {7, 3.0 / 7, 2, -3}, written(), 1e-6);
    }

    @Test
    void choosesWithinABudget() {
        Quantizing.of(model)
                .fisher(fisher)
                .budget(12)
                .formats("int4-tensor", "int8-tensor")
                .writeTo(out);
        assertArrayEquals(new double[] {7, 0, 2, -3}, written());
        Quantizing.of(model)
                .fisher(fisher)
                .budget(16)
                .method(PlanMethod.UNIFORM)
                .formats("int8-tensor")
                .writeTo(out);
        assertArrayEquals(new double[] {7, 0.25, 1.5, -3}, written(), 7.0 / 254);
    }

    @Test
    void takesAPlanFromAFile() throws IOException {
        Path plan = folder.resolve("plan.json");
        Files.writeString(
                plan, "{\"squisher_plan\": \"quantization\", \"tensors\": {\"w\": {\"format\": \"int4-tensor\"}}}");
        Quantizing.of(model).plan(plan).writeTo(out);
        assertArrayEquals(new double[] {7, 0, 2, -3}, written());
    }

    @Test
    void refusesInOneLine() {
        String none = assertThrows(
                        SquisherException.class, () -> Quantizing.of(model).writeTo(out))
                .getMessage();
        assertEquals(
                "cannot quantize: say one of plan(file), budget(bits) and format(name) before, not 0 of them", none);
        String without = assertThrows(
                        SquisherException.class,
                        () -> Quantizing.of(model).budget(4).writeTo(out))
                .getMessage();
        assertEquals("cannot quantize: say fisher(file) before", without);
        String unread = assertThrows(
                        SquisherException.class,
                        () -> Quantizing.of(model).plan(fisher).writeTo(out))
                .getMessage();
        assertTrue(unread.contains("f.safetensors"), unread);
    }
}
