package io.squisher.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.report.sensitivity.PassInputs;
import io.squisher.report.sensitivity.SensitivityPass;
import io.squisher.report.sensitivity.SensitivitySections;
import io.squisher.report.sensitivity.ShownDiagonal;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of a network of 25 million parameters, with the tensors of ResNet-50. */
class LargePageInBrowserTest {
    private static final int[] BLOCKS = {3, 4, 6, 3};
    private static final long CLASSES = 1000;
    private static final long MOST_BYTES = 5 << 20;

    private static final double MOST_SECONDS = 2;

    @Tag("slow")
    @Test
    void opensInUnderTwoSeconds(@TempDir Path folder) throws IOException {
        try (Browser browser = Browser.start(folder)) {
            Map<String, Tensor> tensors = tensors();
            long parameters = tensors.values().stream().mapToLong(Tensor::size).sum();
            assertTrue(parameters > 25_000_000 && parameters < 26_000_000, parameters + " parameters");
            SensitivitySections sections = new SensitivitySections(
                    List.of(new ShownDiagonal("Fisher", SensitivityPass.over(PassInputs.of(tensors)))),
                    Map.of(),
                    List.of());
            Path page = folder.resolve("large.html");
            PageFile.write(
                    new Page("report", "Large", sections.lead(), sections.headline(), List.of(), sections.sections()),
                    page);
            assertTrue(Files.size(page) < MOST_BYTES, Files.size(page) + " bytes");
            browser.countProcessorTime();
            browser.open(page, "");
            browser.driver.executeAsyncScript(
                    "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()))");
            double seconds = browser.processorSeconds();
            assertTrue(seconds > 0 && seconds < MOST_SECONDS, seconds + " s");
            assertEquals("Large", browser.script("return document.querySelector('h1').textContent"));
            assertTrue((Boolean) browser.script("return document.querySelector('.drawing svg') !== null"));
        }
    }

    private static Map<String, Tensor> tensors() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        add(tensors, "conv1.weight", 64, 3, 7, 7);
        normalization(tensors, "bn1", 64);
        long in = 64;
        for (int stage = 0; stage < BLOCKS.length; stage++) {
            long width = 64L << stage;
            for (int block = 0; block < BLOCKS[stage]; block++) {
                String name = "layer" + (stage + 1) + "." + block + ".";
                add(tensors, name + "conv1.weight", width, in, 1, 1);
                normalization(tensors, name + "bn1", width);
                add(tensors, name + "conv2.weight", width, width, 3, 3);
                normalization(tensors, name + "bn2", width);
                add(tensors, name + "conv3.weight", 4 * width, width, 1, 1);
                normalization(tensors, name + "bn3", 4 * width);
                if (block == 0) {
                    add(tensors, name + "downsample.0.weight", 4 * width, in, 1, 1);
                    normalization(tensors, name + "downsample.1", 4 * width);
                }
                in = 4 * width;
            }
        }
        add(tensors, "fc.weight", CLASSES, in);
        add(tensors, "fc.bias", CLASSES);
        return tensors;
    }

    private static void normalization(Map<String, Tensor> tensors, String name, long channels) {
        add(tensors, name + ".weight", channels);
        add(tensors, name + ".bias", channels);
    }

    /** Computed as they are read: over ten decades, as Fishers are. */
    private static void add(Map<String, Tensor> tensors, String name, long... dims) {
        long seed = tensors.size();
        TensorSpec spec = new TensorSpec(ElementType.F32, Shape.of(dims));
        tensors.put(name, new ComputedTensor(spec, List.of(), (start, count, inputs, output) -> {
            for (int i = 0; i < count; i++) {
                long mixed = (start + i + 1) * 0x9E3779B97F4A7C15L + seed * 0xC2B2AE3D27D4EB4FL;
                double part = ((mixed ^ (mixed >>> 29)) >>> 11) * 0x1p-53;
                double fourth = part * part * part * part;
                output[i] = 1e-4 * fourth * fourth * part;
            }
        }));
    }
}
