package io.squisher.onnx.graph;

import io.squisher.internal.protobuf.ByteString;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.AttributeProto.AttributeType;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.SparseTensorProto;
import io.squisher.proto.onnx.TensorProto;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The typed attributes of a node. A getter's default is what the operator's schema says. */
public final class Attributes {
    /** No attributes. */
    public static final Attributes NONE = new Attributes(Map.of());

    private final Map<String, AttributeProto> byName;

    private Attributes(Map<String, AttributeProto> byName) {
        this.byName = byName;
    }

    public static Attributes of(Collection<AttributeProto> protos) {
        Map<String, AttributeProto> byName = new LinkedHashMap<>();
        protos.forEach(proto -> byName.put(proto.getName(), proto));
        return new Attributes(byName);
    }

    public boolean has(String name) {
        return byName.containsKey(name);
    }

    public long integer(String name, long otherwise) {
        return has(name) ? byName.get(name).getI() : otherwise;
    }

    public float number(String name, float otherwise) {
        return has(name) ? byName.get(name).getF() : otherwise;
    }

    public String string(String name, String otherwise) {
        return has(name) ? byName.get(name).getS().toStringUtf8() : otherwise;
    }

    public Optional<long[]> integers(String name) {
        return Optional.ofNullable(byName.get(name))
                .map(proto ->
                        proto.getIntsList().stream().mapToLong(Long::longValue).toArray());
    }

    public long[] integers(String name, long... otherwise) {
        return integers(name).orElse(otherwise);
    }

    public Optional<List<Float>> numbers(String name) {
        return Optional.ofNullable(byName.get(name)).map(AttributeProto::getFloatsList);
    }

    public Optional<List<String>> strings(String name) {
        return Optional.ofNullable(byName.get(name)).map(proto -> proto.getStringsList().stream()
                .map(ByteString::toStringUtf8)
                .toList());
    }

    public Optional<TensorProto> tensor(String name) {
        return Optional.ofNullable(byName.get(name)).map(AttributeProto::getT);
    }

    public Optional<SparseTensorProto> sparse(String name) {
        return Optional.ofNullable(byName.get(name)).map(AttributeProto::getSparseTensor);
    }

    public Optional<GraphProto> graph(String name) {
        return Optional.ofNullable(byName.get(name)).map(AttributeProto::getG);
    }

    public Collection<AttributeProto> protos() {
        return byName.values();
    }

    /**
     * Each attribute in bytes, to tell whether attributes are the same. Comparing messages by their hash would make Protobuf build
     * the descriptions of all messages, a quarter of the time that the first graph of a process takes.
     */
    public List<ByteString> encoded() {
        return byName.values().stream().map(AttributeProto::toByteString).toList();
    }

    /** These attributes without those called {@code names}. */
    public Attributes without(String... names) {
        Map<String, AttributeProto> fewer = new LinkedHashMap<>(byName);
        fewer.keySet().removeAll(List.of(names));
        return new Attributes(fewer);
    }

    public Attributes with(String name, long value) {
        return with(AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeType.INT)
                .setI(value)
                .build());
    }

    public Attributes with(String name, float value) {
        return with(AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeType.FLOAT)
                .setF(value)
                .build());
    }

    public Attributes with(String name, String value) {
        return with(AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeType.STRING)
                .setS(ByteString.copyFromUtf8(value))
                .build());
    }

    public Attributes with(String name, long[] values) {
        AttributeProto.Builder proto = AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
        for (long value : values) {
            proto.addInts(value);
        }
        return with(proto.build());
    }

    public Attributes with(String name, TensorProto value) {
        return with(AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeType.TENSOR)
                .setT(value)
                .build());
    }

    public Attributes with(String name, GraphProto value) {
        return with(AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeType.GRAPH)
                .setG(value)
                .build());
    }

    private Attributes with(AttributeProto proto) {
        Map<String, AttributeProto> more = new LinkedHashMap<>(byName);
        more.put(proto.getName(), proto);
        return new Attributes(more);
    }
}
