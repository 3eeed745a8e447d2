package io.squisher.onnx.autodiff.rules.convolution;

import static io.squisher.onnx.evaluator.testdata.OneNodeModel.ints;
import static io.squisher.onnx.evaluator.testdata.OneNodeModel.op;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.squisher.SquisherException;
import io.squisher.onnx.autodiff.GradientCheck;
import io.squisher.onnx.evaluator.testdata.OneNodeModel;
import org.junit.jupiter.api.Test;

/** Windows that ONNX Runtime places or counts otherwise than the standard are refused instead of differentiated. */
class WindowsTest {
    private static String refusal(OneNodeModel model) {
        return assertThrows(SquisherException.class, () -> GradientCheck.checkFrozen(model.model(), model.inputs(), 1))
                .getMessage();
    }

    @Test
    void refusesAWindowWhollyBehindTheInput() {
        assertEquals(
                "MaxPool 'MaxPool_0' (opset 21): has by ceil_mode a window wholly behind its input, with which ONNX"
                        + " Runtime plans and without which it runs; export with ceil_mode 0",
                refusal(op("MaxPool", 12)
                        .normal(1, 2, 3)
                        .with("kernel_shape", ints(2))
                        .with("strides", ints(2))
                        .with("pads", ints(1, 1))
                        .with("ceil_mode", 1)));
    }

    @Test
    void refusesUnequalPaddingThatIsCountedAndMayBeLeftOut() {
        assertEquals(
                "AveragePool 'AveragePool_0' (opset 21): counts padding that is not the same on all sides, of which"
                        + " ONNX Runtime counts less than there is; export with a Pad in front of it",
                refusal(op("AveragePool", 22)
                        .normal(1, 1, 4, 5)
                        .with("kernel_shape", ints(2, 2))
                        .with("strides", ints(2, 2))
                        .with("pads", ints(1, 0, 1, 1))
                        .with("ceil_mode", 1)
                        .with("count_include_pad", 1)));
    }

    @Test
    void refusesAutomaticPaddingOfWindowsFarApart() {
        assertEquals(
                "MaxPool 'MaxPool_0' has auto_pad SAME_UPPER and windows 3 apart that reach less far, where ONNX"
                        + " Runtime leaves out elements before the first; export with explicit pads",
                refusal(op("MaxPool", 22)
                        .normal(1, 2, 3)
                        .with("kernel_shape", ints(1))
                        .with("strides", ints(3))
                        .with("auto_pad", "SAME_UPPER")));
    }
}
