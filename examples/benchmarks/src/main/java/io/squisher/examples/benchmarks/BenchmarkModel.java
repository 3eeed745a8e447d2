package io.squisher.examples.benchmarks;

import io.squisher.proto.onnx.ModelProto;
import io.squisher.tensor.ElementType;
import java.util.Arrays;
import java.util.function.Supplier;

/** The four models of the benchmark, built as PyTorch exports them, with seeded weights. */
enum BenchmarkModel {
    /** Perceptron 784-400-400-10. */
    M1(MultilayerPerceptron::build, 64, 16384, 10, ElementType.F32, 784),
    /** Five 3×3 convolutions on 3×32×32. */
    M2(SmallConvolutional::build, 64, 1024, 100, ElementType.F32, 3, 32, 32),
    /** ResNet-18 on 32×32. */
    M3(ResidualNetwork::build, 16, 64, 100, ElementType.F32, 3, 32, 32),
    /** Encoder of 6 layers of 384, sequence 128. */
    M4(TransformerEncoder::build, 16, 32, 2, ElementType.I64, 128);

    private final Supplier<ModelProto> builder;
    private final int batch;
    private final int examples;
    private final int classes;
    private final ElementType inputType;
    private final long[] inputDims;

    BenchmarkModel(
            Supplier<ModelProto> builder,
            int batch,
            int examples,
            int classes,
            ElementType inputType,
            long... inputDims) {
        this.builder = builder;
        this.batch = batch;
        this.examples = examples;
        this.classes = classes;
        this.inputType = inputType;
        this.inputDims = inputDims;
    }

    ModelProto build() {
        return builder.get();
    }

    /** The batch that the forward pass is measured with. */
    int batch() {
        return batch;
    }

    /** Examples in one measured run. */
    int examples() {
        return examples;
    }

    int classes() {
        return classes;
    }

    ElementType inputType() {
        return inputType;
    }

    /** {@code [examples, input…]}. */
    long[] dims(int count) {
        long[] dims = new long[inputDims.length + 1];
        dims[0] = count;
        System.arraycopy(inputDims, 0, dims, 1, inputDims.length);
        return dims;
    }

    /** Elements of one example. */
    int exampleSize() {
        return Math.toIntExact(Arrays.stream(inputDims).reduce(1, (a, b) -> a * b));
    }
}
