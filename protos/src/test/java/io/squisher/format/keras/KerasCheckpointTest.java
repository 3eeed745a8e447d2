package io.squisher.format.keras;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.checkpoint.Naming;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.checkpoint.Pairing;
import io.squisher.checkpoint.Parameters;
import io.squisher.files.FormatException;
import io.squisher.files.Mutations;
import io.squisher.internal.jhdf.HdfFile;
import io.squisher.internal.jhdf.WritableHdfFile;
import io.squisher.internal.jhdf.api.WritableGroup;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files laid out as Keras lays them out, with two dense layers of which the second stands first by name. */
class KerasCheckpointTest {
    private static final float[][] KERNEL = {{1, 2}, {3, 4}};
    private static final float[] BIAS = {5, 6};
    private static final float[][] MOMENTUM = {{-1, 1}, {1, -1}};
    private static final float[] MOMENTUM_BIAS = {-1, -1};

    private static final String LAYERS =
            "\"config\": {\"layers\": [{\"class_name\": \"Dense\", \"config\": {\"name\": \"last\"}},"
                    + " {\"class_name\": \"Dense\", \"config\": {\"name\": \"also\"}}]}";

    @TempDir
    Path folder;

    private static float[][] scaled(float[][] values, float factor) {
        return Arrays.stream(values).map(row -> scaled(row, factor)).toArray(float[][]::new);
    }

    private static float[] scaled(float[] values, float factor) {
        float[] result = new float[values.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = values[i] * factor;
        }
        return result;
    }

    /** Layer groups in the file are {@code dense}, called "last", and {@code dense_1}, called "also". */
    private byte[] weights(Object... optimizerVariables) throws IOException {
        Path path = folder.resolve("written.h5");
        try (WritableHdfFile file = HdfFile.write(path)) {
            WritableGroup layers = file.putGroup("layers");
            for (String[] layer : new String[][] {{"dense", "last"}, {"dense_1", "also"}}) {
                WritableGroup variables = layers.putGroup(layer[0]).putGroup("vars");
                variables.putAttribute("name", layer[1]);
                variables.putDataset("0", KERNEL);
                variables.putDataset("1", BIAS);
            }
            WritableGroup variables = file.putGroup("optimizer").putGroup("vars");
            variables.putAttribute("name", "adam");
            for (int i = 0; i < optimizerVariables.length; i++) {
                variables.putDataset(Integer.toString(i), optimizerVariables[i]);
            }
        }
        return Files.readAllBytes(path);
    }

    private Path keras(String optimizerConfig, byte[] weights) throws IOException {
        Path path = folder.resolve("model.keras");
        String config = "{" + LAYERS + ", \"compile_config\": {\"optimizer\": {\"class_name\": \"Adam\", \"config\": "
                + optimizerConfig + "}}}";
        try (OutputStream out = Files.newOutputStream(path);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("config.json"));
            zip.write(config.getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("model.weights.h5"));
            zip.write(weights);
        }
        return path;
    }

    private static List<Pairing> pairings(Path path) {
        try (KerasCheckpoint checkpoint = KerasCheckpoint.open(path)) {
            OptimizerState state = checkpoint.optimizer();
            Parameters model = Parameters.of(checkpoint.weights().orElseThrow());
            List<Pairing> pairings = Naming.of(state, Optional.of(model), false);
            double[] factors = {1, 10, 2, 20};
            for (int i = 0; i < pairings.size(); i++) {
                double[] values =
                        pairings.get(i).slot().accumulator().orElseThrow().toDoubles();
                // Kernels start with 1, biases with 5.
                assertEquals(
                        (i % 2 == 0 ? 1 : 5) * factors[i],
                        values[0],
                        pairings.get(i).parameter());
            }
            return pairings;
        }
    }

    private static List<String> names(Path path) {
        return pairings(path).stream().map(Pairing::parameter).toList();
    }

    private static String refused(Path path) {
        return assertThrows(SquisherException.class, () -> pairings(path)).getMessage();
    }

    private static final Object[] VELOCITIES = {KERNEL, scaled(BIAS, 10), scaled(KERNEL, 2), scaled(BIAS, 20)};

    private static final List<String> NAMES = List.of("last/kernel", "last/bias", "also/kernel", "also/bias");

    private byte[] slotsByVariable() throws IOException {
        return weights(
                7L,
                0.1f,
                MOMENTUM,
                VELOCITIES[0],
                MOMENTUM_BIAS,
                VELOCITIES[1],
                MOMENTUM,
                VELOCITIES[2],
                MOMENTUM_BIAS,
                VELOCITIES[3]);
    }

    @Test
    void slotsOfAVariableTogether() throws IOException {
        byte[] weights = slotsByVariable();
        Path path = keras("{\"beta_2\": 0.99}", weights);
        assertEquals(NAMES, names(path));
        try (KerasCheckpoint checkpoint = KerasCheckpoint.open(path)) {
            assertEquals(7, checkpoint.optimizer().facts().getStep());
            assertEquals(0.99, checkpoint.optimizer().facts().getDecay());
        }
    }

    @Test
    void slotsOfAKindTogether() throws IOException {
        byte[] weights = weights(
                7L,
                0.1f,
                MOMENTUM,
                MOMENTUM_BIAS,
                MOMENTUM,
                MOMENTUM_BIAS,
                VELOCITIES[0],
                VELOCITIES[1],
                VELOCITIES[2],
                VELOCITIES[3]);
        assertEquals(NAMES, names(keras("{\"beta_2\": 0.99}", weights)));
    }

    @Test
    void averagesBeforeAndMaximaAfterAreSkippedAsTheSettingsSay() throws IOException {
        byte[] weights = weights(
                7L,
                KERNEL,
                BIAS,
                KERNEL,
                BIAS,
                MOMENTUM,
                VELOCITIES[0],
                MOMENTUM_BIAS,
                VELOCITIES[1],
                MOMENTUM,
                VELOCITIES[2],
                MOMENTUM_BIAS,
                VELOCITIES[3],
                KERNEL,
                BIAS,
                KERNEL,
                BIAS);
        String settings =
                "{\"use_ema\": true, \"amsgrad\": true, \"learning_rate\": {\"class_name\": \"CosineDecay\"}}";
        assertEquals(NAMES, names(keras(settings, weights)));
        String message = refused(keras("{}", weights));
        assertTrue(message.contains("its optimizer has 16 variables, which is not 2 for each of 4"), message);
    }

    @Test
    void negativeSquaresAreRefused() throws IOException {
        byte[] weights = weights(
                7L,
                0.1f,
                VELOCITIES[0],
                MOMENTUM,
                VELOCITIES[1],
                MOMENTUM_BIAS,
                VELOCITIES[2],
                MOMENTUM,
                VELOCITIES[3],
                MOMENTUM_BIAS);
        String message = refused(keras("{}", weights));
        assertTrue(message.contains("what should be squares of gradients has negative values"), message);
    }

    @Test
    void withoutSettingsTheFilesOwnNameOfTheOptimizerServes() throws IOException {
        byte[] weights = slotsByVariable();
        Path path = Files.write(folder.resolve("bare.weights.h5"), weights);
        try (KerasCheckpoint checkpoint = KerasCheckpoint.open(path)) {
            assertEquals("Adam", checkpoint.optimizer().facts().getOptimizer());
            // The numbers of its layers say which comes first.
            assertTrue(checkpoint.weights().orElseThrow().isInOrder());
        }
    }

    @Test
    void aModelSavedWithoutOptimizerIsRefused() throws IOException {
        String message = refused(keras("{}", weights()));
        assertTrue(message.contains("it holds no optimizer state"), message);
    }

    @Test
    void theOlderContainerNamesItsVariables() throws IOException {
        Path path = folder.resolve("old.h5");
        try (WritableHdfFile file = HdfFile.write(path)) {
            file.putAttribute("model_config", "{}");
            file.putAttribute(
                    "training_config",
                    "{\"optimizer_config\": {\"class_name\": \"Adam\", \"config\": {\"beta_2\": 0.999}}}");
            WritableGroup model = file.putGroup("model_weights");
            model.putAttribute("layer_names", new String[] {"dense"});
            WritableGroup dense = model.putGroup("dense");
            dense.putAttribute("weight_names", new String[] {"dense/kernel:0"});
            dense.putGroup("dense").putDataset("kernel:0", KERNEL);
            WritableGroup optimizer = file.putGroup("optimizer_weights");
            optimizer.putAttribute(
                    "weight_names", new String[] {"Adam/iter:0", "Adam/dense/kernel/m:0", "Adam/dense/kernel/v:0"});
            WritableGroup adam = optimizer.putGroup("Adam");
            adam.putDataset("iter:0", 12L);
            WritableGroup kernel = adam.putGroup("dense").putGroup("kernel");
            kernel.putDataset("m:0", MOMENTUM);
            kernel.putDataset("v:0", scaled(KERNEL, 3));
        }
        try (KerasCheckpoint checkpoint = KerasCheckpoint.open(path)) {
            OptimizerState state = checkpoint.optimizer();
            assertEquals(12, state.facts().getStep());
            assertEquals("dense/kernel", state.slots().get(0).name().orElseThrow());
            assertArrayEquals(
                    new double[] {3, 6, 9, 12},
                    state.slots().get(0).accumulator().orElseThrow().toDoubles());
            assertArrayEquals(
                    new double[] {1, 2, 3, 4},
                    checkpoint.weights().orElseThrow().tensor("dense/kernel").toDoubles());
        }
    }

    @Test
    void otherArchivesAndDamagedOnesAreRefused() throws IOException {
        Path path = folder.resolve("other.keras");
        try (OutputStream out = Files.newOutputStream(path);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("readme"));
        }
        Exception e = assertThrows(FormatException.class, () -> KerasCheckpoint.open(path));
        assertTrue(e.getMessage().endsWith("not a Keras model (an archive without model.weights.h5)"), e.getMessage());
        Path text = Files.writeString(folder.resolve("text.h5"), "hello");
        e = assertThrows(FormatException.class, () -> KerasCheckpoint.open(text));
        assertTrue(e.getMessage().contains("not an HDF5 file"), e.getMessage());
        Path config = keras("{}}}}", weights());
        e = assertThrows(FormatException.class, () -> KerasCheckpoint.open(config));
        assertTrue(e.getMessage().contains("its settings are no JSON object"), e.getMessage());
    }

    @Test
    void mutationsNeverEscape() throws IOException {
        Mutations.of(weights(7L, 0.1f, MOMENTUM, KERNEL), folder.resolve("mutant.h5"), mutant -> {
            try (WeightSource source = new KerasFormat().open(mutant)) {
                source.names().forEach(name -> source.tensor(name).toDoubles());
            }
        });
    }
}
