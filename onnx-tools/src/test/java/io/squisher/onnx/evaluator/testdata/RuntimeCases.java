package io.squisher.onnx.evaluator.testdata;

import io.squisher.onnx.evaluator.Value;
import io.squisher.tensor.ElementType;
import java.util.stream.Stream;

/** Cases for operators and modes that the ONNX project's data (opset 17) lacks, all of which ONNX Runtime runs. */
public final class RuntimeCases {
    private RuntimeCases() {}

    public static Stream<OneNodeModel> all() {
        return Stream.of(
                        windows(),
                        normalizations(),
                        shapes(),
                        indexing(),
                        resizing(),
                        grids(),
                        recurrent(),
                        attention(),
                        fused())
                .flatMap(cases -> cases);
    }

    /** Convolutions and poolings. */
    public static Stream<OneNodeModel> windows() {
        return Stream.of(
                op("Conv", 11)
                        .normal(2, 4, 9)
                        .normal(6, 2, 3)
                        .normal(6)
                        .with("group", 2)
                        .with("strides", ints(2)),
                op("Conv", 11)
                        .normal(1, 2, 7, 6)
                        .normal(3, 2, 3, 2)
                        .with("auto_pad", "SAME_LOWER")
                        .with("strides", ints(2, 3)),
                op("Conv", 11)
                        .normal(1, 2, 8, 7)
                        .normal(2, 2, 3, 2)
                        .with("auto_pad", "VALID")
                        .with("dilations", ints(2, 1)),
                op("Conv", 11).normal(1, 2, 5, 4, 6).normal(2, 2, 2, 3, 2).with("pads", ints(1, 0, 1, 0, 1, 1)),
                op("ConvTranspose", 11)
                        .normal(2, 4, 5, 4)
                        .normal(4, 3, 3, 2)
                        .normal(6)
                        .with("group", 2)
                        .with("strides", ints(3, 2))
                        .with("output_padding", ints(2, 1))
                        .with("pads", ints(1, 0, 0, 1)),
                op("ConvTranspose", 11)
                        .normal(1, 2, 4)
                        .normal(2, 3, 3)
                        .with("dilations", ints(2))
                        .with("strides", ints(2)),
                op("ConvTranspose", 11)
                        .normal(1, 1, 3, 3)
                        .normal(1, 2, 3, 3)
                        .with("auto_pad", "SAME_UPPER")
                        .with("strides", ints(2, 2)),
                op("ConvTranspose", 11)
                        .normal(1, 1, 3, 3)
                        .normal(1, 2, 3, 3)
                        .with("output_shape", ints(8, 6))
                        .with("strides", ints(3, 2)),
                op("MaxPool", 12)
                        .normal(2, 3, 7, 8)
                        .with("kernel_shape", ints(3, 2))
                        .with("ceil_mode", 1)
                        .with("strides", ints(2, 3))
                        .outputs(2),
                op("MaxPool", 12)
                        .normal(1, 2, 7, 8)
                        .with("kernel_shape", ints(2, 3))
                        .with("storage_order", 1)
                        .with("dilations", ints(2, 2))
                        .with("pads", ints(1, 1, 0, 1))
                        .outputs(2),
                op("MaxPool", 12)
                        .normal(1, 2, 5, 6, 4)
                        .with("kernel_shape", ints(2, 2, 2))
                        .with("auto_pad", "SAME_LOWER"),
                op("AveragePool", 19)
                        .normal(1, 2, 7, 8)
                        .with("kernel_shape", ints(3, 3))
                        .with("strides", ints(2, 2))
                        .with("pads", ints(1, 1, 1, 1))
                        .with("ceil_mode", 1)
                        .with("count_include_pad", 1),
                op("AveragePool", 19)
                        .normal(1, 2, 8, 9)
                        .with("kernel_shape", ints(3, 2))
                        .with("dilations", ints(2, 3)),
                op("AveragePool", 11)
                        .normal(1, 2, 6, 6)
                        .with("kernel_shape", ints(3, 3))
                        .with("strides", ints(2, 2))
                        .with("ceil_mode", 1),
                op("LpPool", 18)
                        .normal(1, 2, 6, 7)
                        .with("kernel_shape", ints(2, 3))
                        .with("p", 3)
                        .with("strides", ints(2, 1)),
                op("LpPool", 18)
                        .normal(1, 2, 8, 8)
                        .with("kernel_shape", ints(2, 2))
                        .with("dilations", ints(2, 2))
                        .with("pads", ints(1, 1, 1, 1)),
                op("GlobalLpPool", 2).normal(2, 3, 4, 5).with("p", 3),
                op("MaxUnpool", 11)
                        .input(Value.floats(new int[] {1, 1, 2, 2}, 5, 6, 7, 8))
                        .input(Value.ints(new int[] {1, 1, 2, 2}, 5, 7, 13, 15))
                        .with("kernel_shape", ints(2, 2))
                        .with("strides", ints(2, 2)),
                op("Col2Im", 18)
                        .normal(2, 12, 8)
                        .constant(Value.vector(5, 6))
                        .constant(Value.vector(2, 3))
                        .with("pads", ints(0, 0, 0, 0))
                        .with("dilations", ints(1, 1))
                        .with("strides", ints(1, 2)));
    }

    /** Normalizations and softmaxes, older semantics included. */
    public static Stream<OneNodeModel> normalizations() {
        return Stream.of(
                op("Softmax", 11).normal(2, 3, 4).with("axis", 1),
                op("LogSoftmax", 11).normal(2, 3, 4),
                op("Hardmax", 11).normal(2, 3, 4).with("axis", 2),
                op("BatchNormalization", 9)
                        .normal(2, 3, 4)
                        .normal(3)
                        .normal(3)
                        .normal(3)
                        .uniform(0.5, 2, 3),
                op("GroupNormalization", 21)
                        .normal(2, 6, 3, 2)
                        .normal(6)
                        .normal(6)
                        .with("num_groups", 3),
                op("GroupNormalization", 18)
                        .normal(2, 6, 3, 2)
                        .normal(3)
                        .normal(3)
                        .with("num_groups", 3),
                op("InstanceNormalization", 6)
                        .normal(2, 3, 4, 2)
                        .normal(3)
                        .normal(3)
                        .with("epsilon", 1e-3),
                op("LayerNormalization", 17)
                        .normal(2, 3, 4)
                        .normal(3, 4)
                        .normal(3, 4)
                        .with("axis", 1)
                        .outputs(3),
                op("RMSNormalization", 23).normal(2, 3, 4).normal(4),
                op("LRN", 13)
                        .normal(2, 6, 2, 3)
                        .with("size", 5)
                        .with("alpha", 0.3)
                        .with("beta", 0.6),
                op("LpNormalization", 1).normal(2, 3, 4).with("axis", 1).with("p", 1),
                op("LpNormalization", 1).normal(2, 3, 4),
                op("MeanVarianceNormalization", 13).normal(2, 3, 4, 5).with("axes", ints(0, 2)),
                op("ReduceLogSumExp", 18)
                        .normal(2, 3, 4)
                        .constant(Value.vector(-1, 0))
                        .with("keepdims", 0),
                op("ReduceL2", 18).normal(2, 3).missing().with("noop_with_empty_axes", 1),
                op("CumSum", 14)
                        .normal(2, 3, 4)
                        .constant(Value.ints(new int[0], -2))
                        .with("reverse", 1)
                        .with("exclusive", 1),
                op("Einsum", 12).normal(2, 3, 4).normal(2, 4, 5).with("equation", "...ij,...jk->...ik"),
                op("Einsum", 12).normal(3, 3).with("equation", "ii"),
                op("Einsum", 12).normal(2, 3).normal(4, 3).normal(4).with("equation", "ab,cb,c->a"),
                op("Einsum", 12).normal(2, 3).normal(3, 4).with("equation", "bj,jc"),
                op("Gelu", 20).normal(3, 4),
                op("Gelu", 20).normal(3, 4).with("approximate", "tanh"),
                op("Mish", 18).normal(3, 4),
                op("Celu", 12).normal(3, 4).with("alpha", 0.7),
                op("PRelu", 16).normal(2, 3, 4).normal(3, 1),
                op("Det", 11).normal(2, 4, 4));
    }

    /** Movements of elements. */
    public static Stream<OneNodeModel> shapes() {
        return Stream.of(
                op("Pad", 18)
                        .normal(3, 4)
                        .constant(Value.vector(1, 2))
                        .constant(Value.scalar(7))
                        .constant(Value.vector(-1)),
                op("Pad", 19).normal(3, 4).constant(Value.vector(1, 2, 0, 3)).with("mode", "wrap"),
                op("Pad", 18).normal(3, 4).constant(Value.vector(1, 2, 2, 3)).with("mode", "reflect"),
                op("Pad", 18).normal(4, 5).constant(Value.vector(-1, 2, 1, -2)).with("mode", "edge"),
                op("Pad", 18).normal(4, 5).constant(Value.vector(-1, 2, 1, -2)),
                op("Split", 18).normal(7, 2).with("num_outputs", 3).outputs(3),
                op("CenterCropPad", 18)
                        .normal(3, 7, 4)
                        .constant(Value.vector(6, 4))
                        .with("axes", ints(0, 1)),
                op("Slice", 13)
                        .normal(6, 7)
                        .constant(Value.vector(-1, 100))
                        .constant(Value.vector(-100, 1))
                        .constant(Value.vector(0, -1))
                        .constant(Value.vector(-2, -3)),
                op("Tile", 13).normal(2, 3).constant(Value.vector(2, 3)),
                op("Expand", 13).normal(3, 1).constant(Value.vector(2, 1, 4)),
                op("ReverseSequence", 10)
                        .normal(4, 3, 2)
                        .constant(Value.vector(1, 4, 2))
                        .with("time_axis", 0)
                        .with("batch_axis", 1),
                op("DepthToSpace", 13).normal(1, 8, 2, 3).with("blocksize", 2).with("mode", "CRD"),
                op("SpaceToDepth", 13).normal(2, 2, 4, 6).with("blocksize", 2),
                op("Trilu", 14)
                        .normal(2, 4, 3)
                        .constant(Value.ints(new int[0], -1))
                        .with("upper", 0),
                op("EyeLike", 9).normal(3, 5).with("k", 1));
    }

    /** Choices of elements. */
    public static Stream<OneNodeModel> indexing() {
        Value elements = Value.ints(new int[] {2, 3}, 1, 0, -1, 1, 1, 2);
        Value tuples = Value.ints(new int[] {3, 1}, 2, 0, 2);
        return Stream.of(
                op("GatherND", 12)
                        .normal(2, 3, 4)
                        .input(Value.ints(new int[] {2, 2, 1}, 1, 0, -1, 2))
                        .with("batch_dims", 1),
                op("ScatterElements", 18)
                        .normal(3, 4)
                        .input(elements)
                        .normal(2, 3)
                        .with("reduction", "max")
                        .with("axis", 1),
                op("ScatterElements", 18)
                        .normal(3, 4)
                        .input(elements)
                        .normal(2, 3)
                        .with("reduction", "min"),
                op("ScatterElements", 18)
                        .normal(3, 4)
                        .input(elements)
                        .normal(2, 3)
                        .with("reduction", "mul"),
                op("ScatterND", 18).normal(3, 2).input(tuples).normal(3, 2).with("reduction", "max"),
                op("ScatterND", 18).normal(3, 2).input(tuples).normal(3, 2).with("reduction", "add"),
                op("TopK", 11)
                        .normal(3, 5, 2)
                        .constant(Value.vector(3))
                        .with("axis", 1)
                        .with("largest", 0)
                        .outputs(2),
                op("Compress", 11)
                        .normal(3, 4)
                        .input(Value.of(ElementType.BOOL, new int[] {3}, new long[] {1, 0, 1}))
                        .with("axis", 1),
                op("OneHot", 11)
                        .input(Value.vector(1, -2, 7))
                        .constant(Value.ints(new int[0], 4))
                        .constant(Value.floats(new int[] {2}, 0.5, 3))
                        .with("axis", 0));
    }

    /** Resize and Upsample in the modes that ONNX Runtime has. */
    public static Stream<OneNodeModel> resizing() {
        Value larger = Value.floats(new int[] {4}, 1, 1, 2.5, 1.5);
        Value smaller = Value.floats(new int[] {4}, 1, 1, 0.6, 0.75);
        return Stream.of(
                upsample("nearest"),
                upsample("linear"),
                op("Resize", 10).normal(1, 1, 4, 5).constant(smaller),
                op("Resize", 10).normal(1, 1, 4, 5).constant(smaller).with("mode", "linear"),
                resize(larger, "linear", "asymmetric"),
                resize(smaller, "linear", "half_pixel"),
                resize(smaller, "cubic", "half_pixel"),
                resize(larger, "cubic", "pytorch_half_pixel"),
                resize(larger, "cubic", "align_corners"),
                resize(larger, "linear", "align_corners"),
                resize(larger, "linear", "half_pixel_symmetric"),
                resize(smaller, "linear", "half_pixel_symmetric"),
                resize(smaller, "linear", "half_pixel").with("antialias", 1),
                resize(smaller, "cubic", "half_pixel").with("antialias", 1).with("exclude_outside", 1),
                resize(larger, "cubic", "half_pixel").with("exclude_outside", 1).with("cubic_coeff_a", -0.5),
                resize(larger, "nearest", "half_pixel").with("nearest_mode", "ceil"),
                resize(smaller, "nearest", "asymmetric").with("nearest_mode", "floor"),
                resize(larger, "nearest", "align_corners").with("nearest_mode", "round_prefer_ceil"),
                op("Resize", 18)
                        .normal(1, 2, 4, 6)
                        .missing()
                        .missing()
                        .constant(Value.vector(9, 9))
                        .with("axes", ints(2, 3))
                        .with("keep_aspect_ratio_policy", "not_larger")
                        .with("mode", "linear"),
                op("Resize", 13)
                        .normal(1, 1, 4, 5)
                        .constant(Value.floats(new int[] {8}, 0, 0, 0.2, -0.2, 1, 1, 0.9, 1.1))
                        .missing()
                        .constant(Value.vector(1, 1, 3, 6))
                        .with("mode", "linear")
                        .with("extrapolation_value", 9.0)
                        .with("coordinate_transformation_mode", "tf_crop_and_resize"),
                op("Resize", 13)
                        .normal(1, 1, 3, 4, 5)
                        .missing()
                        .constant(Value.floats(new int[] {5}, 1, 1, 2, 1.5, 0.8))
                        .with("mode", "linear"));
    }

    private static OneNodeModel upsample(String mode) {
        return op("Upsample", 9)
                .normal(1, 2, 3, 4)
                .constant(Value.floats(new int[] {4}, 1, 1, 2, 1.5))
                .with("mode", mode);
    }

    private static OneNodeModel resize(Value scales, String mode, String coordinates) {
        return op("Resize", 19)
                .normal(1, 2, 4, 8)
                .missing()
                .constant(scales)
                .with("mode", mode)
                .with("coordinate_transformation_mode", coordinates);
    }

    /** GridSample and AffineGrid. */
    public static Stream<OneNodeModel> grids() {
        Stream<OneNodeModel> samples = Stream.of("linear", "nearest", "cubic")
                .flatMap(mode -> Stream.of("zeros", "border", "reflection")
                        .flatMap(padding -> Stream.of(0, 1).map(aligned -> op("GridSample", 20)
                                .normal(2, 2, 4, 5)
                                .uniform(-1.4, 1.4, 2, 3, 4, 2)
                                .with("mode", mode)
                                .with("padding_mode", padding)
                                .with("align_corners", aligned))));
        return Stream.concat(
                samples,
                Stream.of(
                        op("GridSample", 20).normal(1, 2, 3, 4, 5).uniform(-1.4, 1.4, 1, 2, 3, 2, 3),
                        op("AffineGrid", 20).normal(2, 2, 3).constant(Value.vector(2, 3, 4, 5)),
                        op("AffineGrid", 20)
                                .normal(1, 3, 4)
                                .constant(Value.vector(1, 2, 3, 4, 5))
                                .with("align_corners", 1)));
    }

    /** Recurrent operators: [time 5, batch 3, features 2], 4 units. */
    public static Stream<OneNodeModel> recurrent() {
        Value lengths = Value.of(ElementType.I32, new int[] {3}, new long[] {5, 2, 3});
        // ONNX Runtime 1.23 reads RNN's lists of alphas and betas without asking whether they are there, and aborts.
        return Stream.of(
                rnn("RNN", 1, 1, 0)
                        .with("direction", "reverse")
                        .with("activation_alpha", new double[] {0})
                        .with("activation_beta", new double[] {0})
                        .outputs(2),
                rnn("RNN", 1, 2, 0)
                        .input(lengths)
                        .normal(2, 3, 4)
                        .with("direction", "bidirectional")
                        .with("activations", new String[] {"ScaledTanh", "LeakyRelu"})
                        .with("activation_alpha", new double[] {0.8, 0.2})
                        .with("activation_beta", new double[] {0.6, 0})
                        .outputs(2),
                rnn("GRU", 3, 1, 1).input(lengths).normal(1, 3, 4).outputs(2),
                rnn("GRU", 3, 2, 0)
                        .input(lengths)
                        .normal(2, 3, 4)
                        .with("direction", "bidirectional")
                        .outputs(2),
                rnn("GRU", 3, 1, 1)
                        .with("direction", "reverse")
                        .with("clip", 0.7)
                        .outputs(2),
                rnn("LSTM", 4, 2, 0)
                        .input(lengths)
                        .normal(2, 3, 4)
                        .normal(2, 3, 4)
                        .normal(2, 12)
                        .with("direction", "bidirectional")
                        .outputs(3),
                rnn("LSTM", 4, 1, 0)
                        .missing()
                        .normal(1, 3, 4)
                        .normal(1, 3, 4)
                        .with("clip", 0.7)
                        .outputs(3),
                rnn("LSTM", 4, 1, 0).with("input_forget", 1).outputs(3),
                rnn("LSTM", 4, 1, 0)
                        .with("direction", "reverse")
                        .with("activations", new String[] {"HardSigmoid", "Softsign", "Affine"})
                        .with("activation_alpha", new double[] {0.3, 0.9})
                        .with("activation_beta", new double[] {0.4, 0.1})
                        .outputs(3));
    }

    private static OneNodeModel rnn(String operator, int gates, int directions, int linearBeforeReset) {
        OneNodeModel node = op(operator, 14)
                .normal(5, 3, 2)
                .normal(directions, gates * 4, 2)
                .normal(directions, gates * 4, 4)
                .normal(directions, 2 * gates * 4)
                .with("hidden_size", 4);
        return linearBeforeReset == 0 ? node : node.with("linear_before_reset", 1);
    }

    /** Attention and rotary embeddings. */
    public static Stream<OneNodeModel> attention() {
        Value truths =
                Value.of(ElementType.BOOL, new int[] {3, 5}, new long[] {1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1});
        Value lengths = Value.of(ElementType.I32, new int[] {2}, new long[] {4, 2});
        Value raw = Value.of(ElementType.I32, new int[] {2, 4}, new long[] {1, 1, 1, 0, 1, 1, 0, 0});
        return Stream.of(
                op("Attention", 23).normal(2, 3, 3, 4).normal(2, 3, 5, 4).normal(2, 3, 5, 6),
                op("Attention", 23).normal(2, 4, 3, 4).normal(2, 2, 5, 4).normal(2, 2, 5, 6),
                op("Attention", 23)
                        .normal(2, 3, 8)
                        .normal(2, 5, 8)
                        .normal(2, 5, 12)
                        .normal(3, 5)
                        .with("q_num_heads", 2)
                        .with("kv_num_heads", 2)
                        .with("scale", 0.3),
                op("Attention", 23)
                        .normal(1, 2, 3, 4)
                        .normal(1, 2, 5, 4)
                        .normal(1, 2, 5, 4)
                        .input(truths),
                op("Attention", 23)
                        .normal(1, 2, 5, 4)
                        .normal(1, 2, 5, 4)
                        .normal(1, 2, 5, 4)
                        .with("is_causal", 1),
                op("Attention", 23)
                        .normal(1, 2, 3, 4)
                        .normal(1, 2, 3, 4)
                        .normal(1, 2, 3, 4)
                        .with("softcap", 2.0),
                op("Attention", 23)
                        .normal(1, 2, 3, 4)
                        .normal(1, 2, 3, 4)
                        .normal(1, 2, 3, 4)
                        .missing()
                        .normal(1, 2, 2, 4)
                        .normal(1, 2, 2, 4)
                        .outputs(3),
                scores(2, 0),
                scores(2, 1),
                scores(2, 2),
                scores(2, 3),
                op("Attention", 23)
                        .normal(1, 2, 3, 4)
                        .normal(1, 2, 3, 4)
                        .normal(1, 2, 3, 4)
                        .missing()
                        .normal(1, 2, 2, 4)
                        .normal(1, 2, 2, 4)
                        .with("is_causal", 1)
                        .outputs(3),
                op("RotaryEmbedding", 23).normal(2, 3, 4, 6).normal(2, 4, 3).normal(2, 4, 3),
                op("RotaryEmbedding", 23)
                        .normal(2, 4, 24)
                        .normal(9, 2)
                        .normal(9, 2)
                        .input(Value.ints(new int[] {2, 4}, 0, 1, 2, 3, 5, 6, 7, 8))
                        .with("num_heads", 3)
                        .with("rotary_embedding_dim", 4)
                        .with("interleaved", 1),
                op("com.microsoft:RotaryEmbedding", 17)
                        .normal(2, 4, 24)
                        .input(Value.ints(new int[] {1}, 2))
                        .normal(9, 4)
                        .normal(9, 4),
                op("com.microsoft:Attention", 17)
                        .normal(2, 4, 6)
                        .normal(6, 24)
                        .normal(24)
                        .with("num_heads", 2),
                op("com.microsoft:Attention", 17)
                        .normal(2, 4, 6)
                        .normal(6, 24)
                        .normal(24)
                        .input(lengths)
                        .with("num_heads", 2),
                op("com.microsoft:Attention", 17)
                        .normal(2, 4, 6)
                        .normal(6, 24)
                        .normal(24)
                        .input(raw)
                        .with("num_heads", 2),
                op("com.microsoft:Attention", 17)
                        .normal(2, 4, 6)
                        .normal(6, 24)
                        .normal(24)
                        .missing()
                        .normal(2, 2, 2, 3, 4)
                        .with("num_heads", 2)
                        .with("unidirectional", 1)
                        .outputs(2),
                op("com.microsoft:MultiHeadAttention", 17)
                        .normal(2, 3, 8)
                        .normal(2, 4, 8)
                        .normal(2, 4, 12)
                        .normal(28)
                        .input(raw)
                        .with("num_heads", 2),
                op("com.microsoft:MultiHeadAttention", 17)
                        .normal(2, 3, 8)
                        .normal(2, 3, 8)
                        .normal(2, 3, 8)
                        .missing()
                        .missing()
                        .normal(1, 2, 3, 3)
                        .with("num_heads", 2)
                        .with("scale", 0.4)
                        .with("unidirectional", 1),
                op("com.microsoft:MultiHeadAttention", 17)
                        .normal(2, 3, 8)
                        .normal(2, 2, 4, 4)
                        .normal(2, 2, 4, 4)
                        .with("num_heads", 2));
    }

    private static OneNodeModel scores(double softcap, int stage) {
        return op("Attention", 23)
                .normal(1, 2, 3, 4)
                .normal(1, 2, 3, 4)
                .normal(1, 2, 3, 4)
                .normal(3, 3)
                .with("softcap", softcap)
                .with("qk_matmul_output_mode", stage)
                .outputs(1)
                .noOutput()
                .noOutput()
                .outputs(4);
    }

    /** Operators of ONNX Runtime's optimizer. */
    public static Stream<OneNodeModel> fused() {
        return Stream.of(
                op("com.microsoft:Gelu", 17).normal(3, 4),
                op("com.microsoft:FastGelu", 17).normal(3, 4).normal(4),
                op("com.microsoft:BiasGelu", 17).normal(3, 4).normal(4),
                op("com.microsoft:QuickGelu", 17).normal(3, 4).with("alpha", 1.5),
                op("com.microsoft:SkipLayerNormalization", 17)
                        .normal(2, 3, 4)
                        .normal(2, 3, 4)
                        .normal(4)
                        .normal(4)
                        .normal(4),
                op("com.microsoft:SkipLayerNormalization", 17)
                        .normal(2, 3, 4)
                        .normal(1, 3, 4)
                        .normal(4),
                op("com.microsoft:SkipSimplifiedLayerNormalization", 17)
                        .normal(2, 3, 4)
                        .normal(2, 3, 4)
                        .normal(4)
                        .with("epsilon", 1e-3),
                op("SimplifiedLayerNormalization", 17).normal(2, 3, 4).normal(4),
                op("com.microsoft:FusedMatMul", 17)
                        .normal(2, 4, 3)
                        .normal(2, 5, 4)
                        .with("transA", 1)
                        .with("transB", 1)
                        .with("alpha", 0.7),
                op("com.microsoft:FusedMatMul", 17)
                        .normal(3, 2, 4)
                        .normal(2, 4, 5)
                        .with("transBatchA", 1),
                op("com.microsoft:FusedConv", 17)
                        .normal(1, 2, 5, 5)
                        .normal(3, 2, 3, 3)
                        .normal(3)
                        .normal(1, 3, 3, 3)
                        .with("activation", "Relu"),
                op("com.microsoft:FusedConv", 17)
                        .normal(1, 2, 5, 5)
                        .normal(3, 2, 3, 3)
                        .normal(3)
                        .with("activation", "LeakyRelu")
                        .with("activation_params", new double[] {0.3}),
                op("com.microsoft:EmbedLayerNormalization", 17)
                        .input(Value.of(ElementType.I32, new int[] {2, 3}, new long[] {1, 0, 4, 2, 2, 3}))
                        .input(Value.of(ElementType.I32, new int[] {2, 3}, new long[] {0, 1, 1, 0, 0, 1}))
                        .normal(5, 4)
                        .normal(6, 4)
                        .normal(2, 4)
                        .normal(4)
                        .normal(4)
                        .input(Value.of(ElementType.I32, new int[] {2, 3}, new long[] {1, 1, 1, 1, 1, 0}))
                        .with("epsilon", 1e-3)
                        .outputs(2));
    }

    private static OneNodeModel op(String operator, int opset) {
        return new OneNodeModel(operator, opset);
    }

    private static int[] ints(int... values) {
        return values;
    }
}
