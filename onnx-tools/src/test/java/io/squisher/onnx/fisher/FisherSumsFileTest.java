package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.onnx.data.NpzFile;
import io.squisher.proto.Shard;
import io.squisher.proto.Sums;
import io.squisher.proto.TiedTensor;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that say something impossible: one line each, and no number read. */
class FisherSumsFileTest {
    private static final Fixture FIXTURE = Fixture.load("mlp_relu");

    @TempDir
    Path folder;

    private FisherSums sums() {
        try (NpzFile data = FIXTURE.data();
                FisherEstimator estimator = new FisherEstimator(FisherRequest.of(
                        FIXTURE.model(), Fixture.examples(data), FIXTURE.likelihood(), new FisherKind.Empirical()))) {
            return estimator.run(FisherListener.SILENT, FisherRun.ALL);
        }
    }

    private Path written(Map<String, Tensor> tensors, String header) {
        Path file = folder.resolve("x.sums");
        SafetensorsWriter.write(file, tensors, header == null ? Map.of() : Map.of(FisherSumsFile.KEY, header));
        return file;
    }

    private void assertRefused(String text, Map<String, Tensor> tensors, String header) {
        Path file = written(tensors, header);
        String message = assertThrows(SquisherException.class, () -> FisherSumsFile.open(file))
                .getMessage();
        assertTrue(message.contains(text) && message.contains(file.toString()), message);
        assertEquals(1, message.lines().count(), message);
    }

    @Test
    void headersThatLieAreRefused() {
        FisherSums sums = sums();
        Map<String, Tensor> tensors = sums.tensors();
        String first = tensors.keySet().iterator().next();
        Map<String, Consumer<Sums.Builder>> lies = new LinkedHashMap<>();
        lies.put("unsupported file of Fisher sums (format version 2", header -> header.setFormatVersion(2));
        lies.put("-1 examples", header -> header.setExampleCount(-1));
        lies.put("32 examples in 33 pieces", header -> header.setPieces(33));
        lies.put(
                "is tied to 'nothing', which is no such tensor",
                header -> header.addTies(TiedTensor.newBuilder().setName("a").setOriginal("nothing")));
        lies.put(
                "is tied to '" + first,
                header -> header.addTies(TiedTensor.newBuilder().setName(first).setOriginal(first)));
        lies.put(
                "there is no shard 0/2",
                header -> header.addShards(Shard.newBuilder().setCount(2)));
        lies.put(
                "there is no shard 3/2",
                header -> header.addShards(Shard.newBuilder().setNumber(3).setCount(2)));
        lies.put("the role KING is not known", header -> header.putRoles(first, "KING"));
        lies.forEach((text, lie) -> {
            Sums.Builder header = sums.header().toBuilder();
            lie.accept(header);
            assertRefused(text, tensors, SumsHeaders.toJson(header.build()));
        });
        assertRefused("bad file of Fisher sums (squisher.sums: ", tensors, "{");
        assertRefused("bad file of Fisher sums (squisher.sums: ", tensors, "[]");
        assertRefused("bad file of Fisher sums (squisher.sums: ", tensors, "{\"exampleCount\": \"many\"}");
        assertRefused("not a file of Fisher sums (it is a safetensors file; squisher fisher", tensors, null);
        assertRefused(
                "'w' is F32[1], sums are F64",
                Map.of("w", Tensor.of(Shape.of(1), 1f)),
                SumsHeaders.toJson(sums.header()));
    }

    @Test
    void whatIsWrittenIsRead() throws java.io.IOException {
        FisherSums sums = sums();
        Path file = folder.resolve("part.sums");
        sums.write(file);
        try (FisherSumsFile read = FisherSumsFile.open(file)) {
            assertEquals(sums.header(), read.sums().header());
            assertEquals(sums.count(), read.sums().count());
        }
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 1));
        assertThrows(SquisherException.class, () -> FisherSumsFile.open(file));
    }

    @Test
    void aSumThatIsNoNumberIsNamed() {
        FisherSums sums = sums();
        Map<String, Tensor> tensors = new LinkedHashMap<>(sums.tensors());
        Map.Entry<String, Tensor> first = tensors.entrySet().iterator().next();
        double[] values = first.getValue().toDoubles();
        values[3] = Double.NaN;
        tensors.put(first.getKey(), Tensor.of(first.getValue().shape(), values));
        String message = assertThrows(SquisherException.class, () -> FisherSums.of(sums.header(), tensors)
                        .toDiagonal())
                .getMessage();
        assertTrue(message.contains("'" + first.getKey() + "' is not finite (element 3 is NaN)"), message);
    }
}
