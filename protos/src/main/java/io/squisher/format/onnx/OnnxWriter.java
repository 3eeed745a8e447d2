package io.squisher.format.onnx;

import io.squisher.SquisherException;
import io.squisher.files.AtomicFile;
import io.squisher.files.FormatException;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.StringStringEntryProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorBytes;
import io.squisher.tensor.TensorSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Writes ONNX models atomically, with the data inside or, beyond a size, in one file beside the model. */
public final class OnnxWriter {
    /** Protobuf ends at 2 GiB; the rest of the model needs room too. */
    static final long EMBEDDED_LIMIT = 1_900_000_000;

    /** The alignment that the standard recommends for external tensors. */
    private static final int ALIGNMENT = 4096;

    private OnnxWriter() {}

    /** Writes a model as it is. */
    public static void write(Path target, ModelProto model) {
        try (AtomicFile file = AtomicFile.create(target)) {
            write(file, target, model);
            file.commit();
        }
    }

    /**
     * Writes {@code source} with the initializers called in {@code replaced} exchanged, everything else, unknown fields
     * included, as it was. A model whose data is external, or would pass 1.9 GB, is written with external data in
     * {@code <target>.data}, complete on disk before the model appears.
     *
     * @throws SquisherException if a name is no initializer or a shape differs from the initializer's
     */
    public static void write(Path target, OnnxFile source, Map<String, Tensor> replaced, Map<String, String> metadata) {
        try (ExternalData external = new ExternalData(source.path())) {
            Map<String, Tensor> tensors = tensors(source, external, replaced);
            ModelProto.Builder model = source.model().toBuilder();
            addMetadata(model, metadata);
            if (needsExternalData(source, tensors)) {
                writeExternal(target, model, tensors);
            } else {
                GraphProto.Builder graph = model.getGraphBuilder();
                for (int i = 0; i < graph.getInitializerCount(); i++) {
                    TensorProto old = graph.getInitializer(i);
                    if (replaced.containsKey(old.getName())) {
                        graph.setInitializer(i, withData(old, replaced.get(old.getName())));
                    }
                }
                write(target, model.build());
            }
        }
    }

    private static Map<String, Tensor> tensors(OnnxFile source, ExternalData external, Map<String, Tensor> replaced) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (TensorProto proto : source.model().getGraph().getInitializerList()) {
            Tensor tensor = replaced.get(proto.getName());
            if (tensor != null && !tensor.shape().equals(OnnxTensors.spec(proto).shape())) {
                throw new SquisherException("initializer '" + proto.getName() + "' of '" + source.path() + "' is "
                        + OnnxTensors.spec(proto) + ", the new value is " + TensorSpec.of(tensor));
            }
            if (tensor == null && OnnxTensors.isReadable(proto)) {
                tensor = OnnxTensors.read(proto, external);
            }
            if (tensor != null) {
                tensors.put(proto.getName(), tensor);
            }
        }
        Set<String> unknown = new HashSet<>(replaced.keySet());
        unknown.removeAll(tensors.keySet());
        if (!unknown.isEmpty()) {
            throw new SquisherException("'" + source.path() + "' has no initializers " + unknown);
        }
        return tensors;
    }

    private static boolean needsExternalData(OnnxFile source, Map<String, Tensor> tensors) {
        boolean external = source.model().getGraph().getInitializerList().stream()
                .anyMatch(proto -> proto.getDataLocation() == TensorProto.DataLocation.EXTERNAL);
        long bytes = tensors.values().stream().mapToLong(Tensor::byteSize).sum();
        return external || bytes > EMBEDDED_LIMIT;
    }

    private static void writeExternal(Path target, ModelProto.Builder model, Map<String, Tensor> tensors) {
        Path dataPath = target.resolveSibling(target.getFileName() + ".data");
        GraphProto.Builder graph = model.getGraphBuilder();
        try (AtomicFile data = AtomicFile.create(dataPath);
                AtomicFile file = AtomicFile.create(target)) {
            TensorBytes bytes = new TensorBytes();
            long at = 0;
            for (int i = 0; i < graph.getInitializerCount(); i++) {
                TensorProto old = graph.getInitializer(i);
                Tensor tensor = tensors.get(old.getName());
                if (tensor == null || tensor.byteSize() < ALIGNMENT) {
                    if (tensor != null) {
                        graph.setInitializer(i, withData(old, tensor));
                    }
                    continue;
                }
                int padding = (int) (-at & ALIGNMENT - 1);
                data.append(ByteBuffer.allocate(padding));
                at += padding;
                bytes.forEachPiece(tensor, data::append);
                graph.setInitializer(
                        i,
                        withoutData(old, tensor)
                                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                                .addExternalData(
                                        entry("location", dataPath.getFileName().toString()))
                                .addExternalData(entry("offset", Long.toString(at)))
                                .addExternalData(entry("length", Long.toString(tensor.byteSize()))));
                at += tensor.byteSize();
            }
            write(file, target, model.build());
            data.commit();
            file.commit();
        }
    }

    private static TensorProto withData(TensorProto old, Tensor tensor) {
        return withoutData(old, tensor)
                .setRawData(OnnxTensors.write("", tensor).getRawData())
                .build();
    }

    /** The old proto (its name, doc string and unknown fields) with the type and shape of {@code tensor} and no data. */
    private static TensorProto.Builder withoutData(TensorProto old, Tensor tensor) {
        TensorProto header =
                OnnxTensors.header(old.getName(), TensorSpec.of(tensor)).build();
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
                .setDataType(header.getDataType());
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

    private static void write(AtomicFile file, Path target, ModelProto model) {
        try {
            // The stream stays open: it is the file's channel.
            model.writeTo(Channels.newOutputStream(file.channel()));
        } catch (IOException e) {
            throw FormatException.unwritable(target, e);
        }
    }
}
