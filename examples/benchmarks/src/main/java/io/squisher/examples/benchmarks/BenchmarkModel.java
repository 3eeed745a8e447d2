package io.squisher.examples.benchmarks;

import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** The models of the benchmark, built as PyTorch exports them, with seeded weights. */
enum BenchmarkModel {
    /** Perceptron 784-400-400-10. */
    M1(MultilayerPerceptron::build, 64, 16384, 10, ElementType.F32, 784),
    /** Five 3×3 convolutions on 3×32×32. */
    M2(SmallConvolutional::build, 64, 1024, 100, ElementType.F32, 3, 32, 32),
    /** ResNet-18 on 32×32. */
    M3(ResidualNetwork::build, 16, 64, 100, ElementType.F32, 3, 32, 32),
    /** Encoder of 6 layers of 384, sequence 128. */
    M4(TransformerEncoder::build, 16, 32, 2, ElementType.I64, 128),
    /** A decoder like GPT-2, next tokens of 128: 124 million parameters, in a file beside the model. */
    GPT2(net -> CausalDecoder.build(CausalDecoder.Size.SMALL, net), 4, 8, 50257, 128);

    static final List<BenchmarkModel> USUAL = List.of(M1, M2, M3, M4);

    /** Token numbers of the encoder. */
    private static final int VOCABULARY = 30522;

    /** The label of tokens that do not count, as PyTorch has it; none is drawn. */
    private static final long IGNORED = -100;

    private final Writer writer;
    private final int batch;
    private final int examples;
    private final int classes;
    private final boolean ofTokens;
    private final ElementType inputType;
    private final long[] inputDims;

    BenchmarkModel(
            Supplier<ModelProto> builder,
            int batch,
            int examples,
            int classes,
            ElementType inputType,
            long... inputDims) {
        this.writer = file -> {
            try (OutputStream stream = new BufferedOutputStream(Files.newOutputStream(file))) {
                builder.get().writeTo(stream);
            }
        };
        this.ofTokens = false;
        this.batch = batch;
        this.examples = examples;
        this.classes = classes;
        this.inputType = inputType;
        this.inputDims = inputDims;
    }

    /** A model of the next token, with its weights in a file of their own. */
    BenchmarkModel(Function<NetworkWriter, ModelProto> builder, int batch, int examples, int vocabulary, int tokens) {
        this.writer = file -> {
            try (WeightFile weights = new WeightFile(WeightFile.beside(file));
                    OutputStream stream = new BufferedOutputStream(Files.newOutputStream(file))) {
                builder.apply(new NetworkWriter(weights::store)).writeTo(stream);
            }
        };
        this.ofTokens = true;
        this.batch = batch;
        this.examples = examples;
        this.classes = vocabulary;
        this.inputType = ElementType.I64;
        this.inputDims = new long[] {tokens};
    }

    /** Makes a file of the model, and one beside it where weights are apart. */
    @FunctionalInterface
    private interface Writer {
        void write(Path file) throws IOException;
    }

    /** Writes the model, and the file {@link WeightFile#beside} it where weights are apart. */
    void write(Path file) throws IOException {
        writer.write(file);
    }

    Likelihood likelihood() {
        return ofTokens ? new Likelihood.CategoricalTokens(IGNORED) : new Likelihood.Categorical(-1);
    }

    /** The shape of the labels of so many examples. */
    Shape labelShape(int count) {
        return ofTokens ? Shape.of(dims(count)) : Shape.of(count);
    }

    /** The shape of the output for so many examples. */
    Shape outputShape(int count) {
        return ofTokens ? Shape.of(count, exampleSize(), classes) : Shape.of(count, classes);
    }

    /** How many token numbers there are, of a model of tokens. */
    int vocabulary() {
        return ofTokens ? classes : VOCABULARY;
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
