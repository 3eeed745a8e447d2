package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Numbers;
import io.squisher.onnx.graph.TestModel;
import io.squisher.proto.onnx.TensorProto.DataType;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What PyTorch 2.13's exporter leaves of {@code Conv2d(bias=False)}, of a mean over two axes, and of a slice with {@code
 * optimize=False}, which is how BatchNormalization keeps its parameters: a bias of zeros that is cast to the type of the
 * activations, and axes that pass through Reshape. The Fisher is that of the model without them.
 */
class UnoptimizedExportTest {
    private final Numbers numbers = new Numbers(5);
    private final Value x = numbers.normal(4, 2, 5, 5);
    private final Value kernel = numbers.normal(3, 2, 3, 3);
    private final Value head = numbers.normal(3, 3);

    private TestModel start() {
        return TestModel.opset(20)
                .input("x", x, -1, 2, 5, 5)
                .initializer("kernel", kernel)
                .initializer("head", head)
                .initializer("axes", Value.ints(new int[] {2}, 2, 3))
                .initializer("minus", Value.ints(new int[] {1}, -1))
                .initializer("one", Value.ints(new int[] {1}, 1))
                .initializer("three", Value.ints(new int[] {1}, 3))
                .initializer("val_4", Value.scalar(0));
    }

    private static TestModel end(TestModel test, String axes, String from) {
        return test.node("Relu", "conv", "relu")
                .node("ReduceMean", "relu," + axes, "mean", Attributes.NONE.with("keepdims", 0L))
                .node("MatMul", "mean,head", "product")
                .node("Slice", "product," + from + ",three,one", "logits")
                .outputs("logits");
    }

    private Map<String, double[]> fisher(TestModel test) {
        Examples examples = Examples.of(
                "examples",
                Map.<String, Tensor>of(
                        "x",
                        x.tensor(),
                        "labels",
                        Value.ints(new int[] {4}, 0, 1, 1, 0).tensor()));
        OnnxFile file = new OnnxFile(Path.of("model.onnx"), test.build());
        return Estimation.of(
                FisherRequest.of(file, examples, new Likelihood.Categorical(1), new FisherKind.Empirical()));
    }

    @Test
    void givesTheFisherOfTheOptimizedModel() {
        TestModel plain = end(start().node("Conv", "x,kernel", "conv"), "axes", "one");
        TestModel unoptimized = start().node("Identity", "x", "features")
                .node(
                        "Shape",
                        "kernel",
                        "count",
                        Attributes.NONE.with("start", 0L).with("end", 1L))
                .node("CastLike", "val_4,kernel", "early")
                .node("Mul", "x,early", "nothing")
                .node("Add", "x,nothing", "same")
                .node("Conv", "same,kernel", "unused")
                .node("CastLike", "val_4,unused", "typed")
                .node("Expand", "typed,count", "bias")
                .node("Conv", "features,kernel,bias", "conv")
                .node("Reshape", "axes,minus", "folded", Attributes.NONE.with("allowzero", 0L))
                .node("Unsqueeze", "one,minus", "matrix")
                .node("Squeeze", "matrix,minus", "start");
        assertEquals(
                Map.of("kernel", 54, "head", 9),
                Map.of(
                        "kernel", fisher(plain).get("kernel").length,
                        "head", fisher(plain).get("head").length));
        RelativeError.check("unoptimized", fisher(plain), fisher(end(unoptimized, "folded", "start")), 1e-5);
    }

    @Test
    void castsToATypeWithoutReadingTheElements() {
        TestModel plain = end(start().node("Conv", "x,kernel", "conv"), "axes", "one");
        TestModel cast = start().node("Conv", "x,kernel", "raw").node("CastLike", "raw,val_4", "conv");
        RelativeError.check("cast", fisher(plain), fisher(end(cast, "axes", "one")), 1e-6);
    }

    private TestModel product() {
        return start().node("Conv", "x,kernel", "conv")
                .node("Relu", "conv", "relu")
                .node("ReduceMean", "relu,axes", "mean", Attributes.NONE.with("keepdims", 0L))
                .node("MatMul", "mean,head", "product");
    }

    /** {@code y[:, 1] = 2 * y[:, 1]}: a ScatterND, its rows numbered by how many examples there are. */
    private TestModel assigned(String rows) {
        return product()
                .initializer("none", Value.ints(new int[0], 0))
                .initializer("unit", Value.ints(new int[0], 1))
                .initializer("all", Value.ints(new int[] {3}, 1, 2, 3))
                .node("Shape", "product", "dims")
                .node("Gather", "dims,none", "count")
                .node("Range", "none,count,unit", "numbers")
                .node("Unsqueeze", "numbers,minus", "ordered")
                .node("ReduceMax", "x,all", "most", Attributes.NONE.with("keepdims", 0L))
                .node("Mul", "most,val_4", "nothing")
                .node("Cast", "nothing", "zeros", Attributes.NONE.with("to", (long) DataType.INT64_VALUE))
                .node("Unsqueeze", "zeros,minus", "shift")
                .node("Add", "ordered,shift", "computed")
                .node("Mul", "ordered,none", "blank")
                .node("Add", "blank,one", "columns")
                .node("Concat", rows + ",columns", "indices", Attributes.NONE.with("axis", -1L))
                .node("Gather", "product,unit", "column", Attributes.NONE.with("axis", 1L))
                .node("Add", "column,column", "doubled")
                .node("ScatterND", "product,indices,doubled", "logits")
                .outputs("logits");
    }

    @Test
    void assignsToAColumn() {
        TestModel plain = product()
                .initializer("factors", Value.floats(new int[] {3}, 1, 2, 1))
                .node("Mul", "product,factors", "logits")
                .outputs("logits");
        Map<String, double[]> expected = new HashMap<>(fisher(plain));
        expected.remove("factors");
        RelativeError.check("assigned", expected, fisher(assigned("ordered")), 1e-5);
        RelativeError.check("one example at a time", expected, fisher(assigned("computed")), 1e-5);
    }
}
