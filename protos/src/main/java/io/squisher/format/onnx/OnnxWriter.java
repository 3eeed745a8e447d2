package io.squisher.format.onnx;

import io.squisher.SquisherException;
import io.squisher.files.AtomicFile;
import io.squisher.files.FormatException;
import io.squisher.files.Opening;
import io.squisher.files.SameFile;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.StringStringEntryProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorBytes;
import io.squisher.tensor.TensorSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes ONNX models atomically, with the data inside or, beyond a size, in one file beside the model. Values are
 * streamed: they may be computed as they are written, and none needs to fit the heap.
 */
public final class OnnxWriter {
    /** Protobuf ends at 2 GiB; the rest of the model needs room too. */
    static final long EMBEDDED_LIMIT = 1_900_000_000;

    /** The alignment that the standard recommends for external tensors; smaller tensors stay in the model. */
    static final int ALIGNMENT = 4096;

    private OnnxWriter() {}

    /** Writes a model as it is. */
    public static void write(Path target, ModelProto model) {
        try (AtomicFile file = AtomicFile.create(target)) {
            stream(file, target, new OnnxStream(model, Map.of()));
            file.commit();
        }
    }

    /**
     * Writes {@code source} with the initializers called in {@code replaced} exchanged, everything else, unknown fields
     * included, as it was. A model whose data is external, or would pass 1.9 GB, is written with external data in
     * {@code <target>.data}, or in {@code <target>.<8 digits>.data} where that name is taken: an older model keeps its own data
     * until the new one has its name, and the data that it alone used goes after that.
     *
     * @throws SquisherException if a name is no initializer, a shape differs from the initializer's, or {@code target} is the
     *     source's own file
     */
    public static void write(Path target, OnnxFile source, Map<String, Tensor> replaced, Map<String, String> metadata) {
        write(target, source, replaced, metadata, EMBEDDED_LIMIT);
    }

    static void write(
            Path target,
            OnnxFile source,
            Map<String, Tensor> replaced,
            Map<String, String> metadata,
            long embeddedLimit) {
        try (PreparedModel model = prepare(target, source, replaced, metadata, embeddedLimit)) {
            AtomicFile.commit(model.files());
            model.committed();
        }
    }

    /**
     * As {@link #write(Path, OnnxFile, Map, Map)}, under temporary names: who commits the files puts them in their places,
     * together with others.
     */
    public static PreparedModel prepare(
            Path target, OnnxFile source, Map<String, Tensor> replaced, Map<String, String> metadata) {
        return prepare(target, source, replaced, metadata, EMBEDDED_LIMIT);
    }

    private static PreparedModel prepare(
            Path target,
            OnnxFile source,
            Map<String, Tensor> replaced,
            Map<String, String> metadata,
            long embeddedLimit) {
        SameFile.refuse(target, source.path());
        checkReplaced(source, replaced);
        Set<Path> outdated = OutdatedData.of(target, source);
        ModelProto.Builder model = source.model().toBuilder();
        addMetadata(model, metadata);
        if (needsExternalData(source, replaced, embeddedLimit)) {
            try (ExternalData external = new ExternalData(source.path())) {
                return new PreparedModel(prepareExternal(target, model, tensors(source, external, replaced)), outdated);
            }
        }
        GraphProto.Builder graph = model.getGraphBuilder();
        for (int i = 0; i < graph.getInitializerCount(); i++) {
            TensorProto old = graph.getInitializer(i);
            if (replaced.containsKey(old.getName())) {
                graph.setInitializer(i, withoutData(old, replaced.get(old.getName())));
            }
        }
        try (Opening opening = new Opening()) {
            AtomicFile file = opening.add(AtomicFile.create(target));
            stream(file, target, new OnnxStream(model.build(), replaced));
            return opening.keep(new PreparedModel(List.of(file), outdated));
        }
    }

    private static void checkReplaced(OnnxFile source, Map<String, Tensor> replaced) {
        Set<String> unknown = new HashSet<>(replaced.keySet());
        for (TensorProto proto : source.model().getGraph().getInitializerList()) {
            Tensor tensor = replaced.get(proto.getName());
            unknown.remove(proto.getName());
            if (tensor != null
                    && OnnxTensors.isReadable(proto)
                    && !tensor.shape().equals(OnnxTensors.spec(proto).shape())) {
                throw new SquisherException("initializer '" + proto.getName() + "' of '" + source.path() + "' is "
                        + OnnxTensors.spec(proto) + ", the new value is " + TensorSpec.of(tensor));
            }
        }
        if (!unknown.isEmpty()) {
            throw new SquisherException("'" + source.path() + "' has no initializers " + unknown);
        }
    }

    private static boolean needsExternalData(OnnxFile source, Map<String, Tensor> replaced, long embeddedLimit) {
        long bytes = 0;
        for (TensorProto proto : source.model().getGraph().getInitializerList()) {
            if (proto.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
                return true;
            }
            Tensor tensor = replaced.get(proto.getName());
            bytes += tensor == null ? proto.getSerializedSize() : tensor.byteSize();
        }
        return bytes > embeddedLimit;
    }

    /** All initializers that can be read, with their new values. */
    private static Map<String, Tensor> tensors(OnnxFile source, ExternalData external, Map<String, Tensor> replaced) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (TensorProto proto : source.model().getGraph().getInitializerList()) {
            Tensor tensor = replaced.get(proto.getName());
            if (tensor != null) {
                tensors.put(proto.getName(), tensor);
            } else if (OnnxTensors.isReadable(proto)) {
                tensors.put(proto.getName(), OnnxTensors.read(proto, external));
            } else if (proto.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
                throw FormatException.unsupported(
                        source.path(),
                        OnnxFile.FORMAT,
                        "tensor '" + proto.getName() + "' in another file has the element type "
                                + OnnxElementTypes.nameOf(proto.getDataType()));
            }
        }
        return tensors;
    }

    /** The data first: without it the model is none. */
    private static List<AtomicFile> prepareExternal(
            Path target, ModelProto.Builder model, Map<String, Tensor> tensors) {
        Path dataPath = OutdatedData.newName(target);
        GraphProto.Builder graph = model.getGraphBuilder();
        Map<String, Tensor> embedded = new LinkedHashMap<>();
        try (Opening opening = new Opening()) {
            AtomicFile file = opening.add(AtomicFile.create(target));
            AtomicFile data = opening.add(AtomicFile.create(dataPath));
            TensorBytes bytes = new TensorBytes();
            long at = 0;
            for (int i = 0; i < graph.getInitializerCount(); i++) {
                TensorProto old = graph.getInitializer(i);
                Tensor tensor = tensors.get(old.getName());
                if (tensor == null) {
                    continue;
                }
                TensorProto.Builder proto = withoutData(old, tensor).toBuilder();
                if (tensor.byteSize() < ALIGNMENT) {
                    embedded.put(old.getName(), tensor);
                } else {
                    int padding = (int) (-at & ALIGNMENT - 1);
                    data.append(ByteBuffer.allocate(padding));
                    at += padding;
                    bytes.forEachPiece(tensor, data::append);
                    refer(proto, dataPath.getFileName().toString(), at, tensor.byteSize());
                    at += tensor.byteSize();
                }
                graph.setInitializer(i, proto);
            }
            stream(file, target, new OnnxStream(model.build(), embedded));
            return opening.keep(List.of(data, file));
        }
    }

    private static void refer(TensorProto.Builder proto, String file, long offset, long length) {
        proto.setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(entry("location", file))
                .addExternalData(entry("offset", Long.toString(offset)))
                .addExternalData(entry("length", Long.toString(length)));
    }

    /**
     * The old proto (its name, doc string and unknown fields) with the type and shape of {@code tensor} and no data. A type
     * without whole bytes stays, and the tensor is its bytes.
     */
    private static TensorProto withoutData(TensorProto old, Tensor tensor) {
        TensorProto header = OnnxTensors.isReadable(old)
                ? OnnxTensors.header(old.getName(), TensorSpec.of(tensor)).build()
                : old;
        return old.toBuilder()
                .clearRawData()
                .clearFloatData()
                .clearDoubleData()
                .clearInt32Data()
                .clearInt64Data()
                .clearUint64Data()
                .clearExternalData()
                .clearDataLocation()
                .clearDims()
                .addAllDims(header.getDimsList())
                .setDataType(header.getDataType())
                .build();
    }

    private static void addMetadata(ModelProto.Builder model, Map<String, String> metadata) {
        metadata.forEach((key, value) -> {
            for (int i = model.getMetadataPropsCount() - 1; i >= 0; i--) {
                if (model.getMetadataProps(i).getKey().equals(key)) {
                    model.removeMetadataProps(i);
                }
            }
            model.addMetadataProps(entry(key, value));
        });
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    private static void stream(AtomicFile file, Path target, OnnxStream model) {
        try {
            model.writeTo(file);
        } catch (IOException e) {
            throw FormatException.unwritable(target, e);
        }
    }
}
