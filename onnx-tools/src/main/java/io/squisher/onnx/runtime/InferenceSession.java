package io.squisher.onnx.runtime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import ai.onnxruntime.TensorInfo;
import io.squisher.SquisherException;
import io.squisher.files.Opening;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A graph loaded into ONNX Runtime. Not for several threads at once: it keeps its output buffers. */
public final class InferenceSession implements AutoCloseable {
    private static final Map<ElementType, OnnxJavaType> TYPES = Map.of(
            ElementType.F32, OnnxJavaType.FLOAT,
            ElementType.F64, OnnxJavaType.DOUBLE,
            ElementType.F16, OnnxJavaType.FLOAT16,
            ElementType.BF16, OnnxJavaType.BFLOAT16,
            ElementType.I64, OnnxJavaType.INT64,
            ElementType.I32, OnnxJavaType.INT32,
            ElementType.I16, OnnxJavaType.INT16,
            ElementType.I8, OnnxJavaType.INT8,
            ElementType.U8, OnnxJavaType.UINT8,
            ElementType.BOOL, OnnxJavaType.BOOL);

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final SharedWeights weights;
    private final boolean ownsSession;
    private final boolean ownsWeights;
    private final Map<String, OnnxTensor> pinned = new LinkedHashMap<>();
    private final Map<String, OnnxTensor> held = new LinkedHashMap<>();

    private InferenceSession(ModelProto model, SessionOptions options, SharedWeights shared) throws OrtException {
        this.environment = Environment.get();
        this.ownsSession = true;
        this.ownsWeights = shared == null;
        try (Opening opening = new Opening()) {
            this.weights = ownsWeights ? opening.add(new SharedWeights()) : shared;
            byte[] graph = weights.withoutWeights(model, options).toByteArray();
            this.session = opening.keep(environment.createSession(graph, options));
        }
    }

    /** The graph of another session, with buffers of its own. */
    private InferenceSession(InferenceSession other) {
        this.environment = other.environment;
        this.session = other.session;
        this.weights = other.weights;
        this.ownsSession = false;
        this.ownsWeights = false;
    }

    /**
     * The same graph with output buffers of its own, for another thread to run at the same time. Nothing is loaded again. It
     * is closed before this session.
     */
    public InferenceSession beside() {
        return new InferenceSession(this);
    }

    /** Starts to load ONNX Runtime beside whatever the caller does before it loads a model: its library alone takes a while. */
    public static void prepare() {
        Environment.prepare();
    }

    /**
     * Loads a model.
     *
     * @throws SquisherException if ONNX Runtime refuses it, or the device is not there
     */
    public static InferenceSession create(ModelProto model, RuntimeSettings settings) {
        return create(model, settings, OptLevel.ALL_OPT, null);
    }

    /** Loads a model whose weights may be in memory already. */
    public static InferenceSession create(ModelProto model, RuntimeSettings settings, SharedWeights weights) {
        return create(model, settings, OptLevel.ALL_OPT, weights);
    }

    /** Loads a model as it is: quicker than optimising what runs once. */
    public static InferenceSession createUnoptimised(ModelProto model, RuntimeSettings settings) {
        return create(model, settings, OptLevel.NO_OPT, null);
    }

    /** Loads a model for a few runs, whose weights may be in memory already: what is constant is computed beforehand. */
    public static InferenceSession createForFewRuns(ModelProto model, RuntimeSettings settings, SharedWeights weights) {
        return create(model, settings, OptLevel.BASIC_OPT, weights);
    }

    private static InferenceSession create(
            ModelProto model, RuntimeSettings settings, OptLevel level, SharedWeights weights) {
        try (SessionOptions options = SessionOptionsFactory.options(settings, level)) {
            return new InferenceSession(model, options, weights);
        } catch (OrtException e) {
            throw new SquisherException("ONNX Runtime cannot load the graph: " + OrtMessages.clean(e), e);
        }
    }

    /** The names of the inputs. */
    public Set<String> inputs() {
        return session.getInputNames();
    }

    /** The names of the outputs. */
    public Set<String> outputs() {
        return session.getOutputNames();
    }

    /**
     * What ONNX Runtime finds out of an output without running the graph: as {@code FLOAT [N, 10]}, with a question mark for
     * each dimension that is not known. Empty where it is no tensor.
     */
    public Map<String, String> outputTypes() {
        Map<String, String> types = new LinkedHashMap<>();
        try {
            for (NodeInfo output : session.getOutputInfo().values()) {
                types.put(output.getName(), output.getInfo() instanceof TensorInfo tensor ? describe(tensor) : "");
            }
        } catch (OrtException e) {
            throw new SquisherException("ONNX Runtime: " + OrtMessages.clean(e), e);
        }
        return types;
    }

    private static String describe(TensorInfo tensor) {
        long[] dims = tensor.getShape();
        String[] names = tensor.getDimensionNames();
        List<String> words = new ArrayList<>();
        for (int i = 0; i < dims.length; i++) {
            words.add(dims[i] >= 0 ? Long.toString(dims[i]) : names[i].isEmpty() ? "?" : names[i]);
        }
        return tensor.type + " " + words;
    }

    /** Keeps a buffer for a float32 output of fixed shape; {@link #run} writes into it. */
    public ByteBuffer pin(String output, Shape shape) {
        ByteBuffer buffer =
                ByteBuffer.allocateDirect(Math.toIntExact(shape.size() * 4)).order(ByteOrder.LITTLE_ENDIAN);
        pin(output, shape, buffer);
        return buffer;
    }

    /** As {@link #pin(String, Shape)}, into a direct buffer of the caller's, which several sessions may write to in turns. */
    public void pin(String output, Shape shape, ByteBuffer buffer) {
        replace(pinned, output, shape, buffer);
    }

    /**
     * Feeds a float32 input from a direct buffer of the caller's in every run from now on: what it holds then, without a copy.
     */
    public void hold(String input, Shape shape, ByteBuffer buffer) {
        replace(held, input, shape, buffer);
    }

    private void replace(Map<String, OnnxTensor> kept, String name, Shape shape, ByteBuffer buffer) {
        ByteBuffer floats = buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN).rewind();
        try {
            OnnxTensor before =
                    kept.put(name, OnnxTensor.createTensor(environment, floats.asFloatBuffer(), shape.dims()));
            if (before != null) {
                before.close();
            }
        } catch (OrtException e) {
            throw new SquisherException("ONNX Runtime: " + OrtMessages.clean(e), e);
        }
    }

    /**
     * Runs the graph: pinned outputs are written to their buffers, the others are copied out.
     *
     * @param inputs tensors by name, those that are held aside; one in a direct buffer is not copied
     * @param wanted outputs to return beside the pinned ones
     */
    public Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> wanted) {
        Map<String, OnnxTensorLike> fed = new HashMap<>();
        try {
            for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
                fed.put(input.getKey(), toOnnx(input.getValue()));
            }
            fed.putAll(held);
            try (OrtSession.Result result = session.run(fed, wanted, pinned)) {
                Map<String, Tensor> outputs = new LinkedHashMap<>();
                for (String name : wanted) {
                    outputs.put(
                            name, fromOnnx(name, (OnnxTensor) result.get(name).orElseThrow()));
                }
                return outputs;
            }
        } catch (OrtException e) {
            throw OrtMessages.failure(e);
        } finally {
            fed.keySet().removeAll(held.keySet());
            fed.values().forEach(OnnxTensorLike::close);
        }
    }

    private OnnxTensor toOnnx(Tensor tensor) throws OrtException {
        OnnxJavaType type = TYPES.get(tensor.type());
        if (type == null) {
            throw new SquisherException("ONNX Runtime for Java takes no tensors of type " + tensor.type());
        }
        ByteBuffer bytes = tensor.toBytes();
        if (!bytes.isDirect()) {
            bytes = ByteBuffer.allocateDirect(bytes.remaining())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put(bytes)
                    .flip()
                    .order(ByteOrder.LITTLE_ENDIAN);
        }
        return OnnxTensor.createTensor(environment, bytes, tensor.shape().dims(), type);
    }

    private static Tensor fromOnnx(String name, OnnxTensor tensor) {
        ElementType type = TYPES.entrySet().stream()
                .filter(entry -> entry.getValue() == tensor.getInfo().type)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new SquisherException(
                        "the output '" + name + "' has the unsupported type " + tensor.getInfo().type));
        Shape shape = Shape.of(tensor.getInfo().getShape());
        ByteBuffer source = tensor.getByteBuffer();
        ByteBuffer copy = ByteBuffer.allocate(source.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        return Tensor.of(type, shape, copy.put(source).flip());
    }

    @Override
    public void close() {
        pinned.values().forEach(OnnxTensor::close);
        held.values().forEach(OnnxTensor::close);
        if (ownsSession) {
            closeSession();
        }
        if (ownsWeights) {
            weights.close();
        }
    }

    private void closeSession() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new SquisherException("ONNX Runtime: " + OrtMessages.clean(e), e);
        }
    }
}
