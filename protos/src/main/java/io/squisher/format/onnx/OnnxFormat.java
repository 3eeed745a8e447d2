package io.squisher.format.onnx;

import io.squisher.SquisherException;
import io.squisher.files.ContentKind;
import io.squisher.files.FormatException;
import io.squisher.proto.onnx.StringStringEntryProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.Tensor;
import io.squisher.weights.Role;
import io.squisher.weights.WeightFormat;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Weights in an ONNX model: the initializers of its main graph. */
public final class OnnxFormat implements WeightFormat {
    @Override
    public String name() {
        return OnnxFile.FORMAT;
    }

    @Override
    public String writtenSuffixes() {
        return ".onnx";
    }

    @Override
    public boolean hasGraph() {
        return true;
    }

    @Override
    public boolean recognises(Path path) {
        return path.getFileName().toString().endsWith(".onnx");
    }

    @Override
    public Set<ContentKind> contents() {
        return Set.of(ContentKind.ONNX);
    }

    @Override
    public WeightSource open(Path path) {
        return new Source(OnnxFile.read(path), this);
    }

    @Override
    public void write(Path target, WeightSource template, Map<String, Tensor> replaced, Map<String, String> metadata) {
        OnnxWriter.write(target, ((Source) template).file, replaced, metadata);
    }

    private static final class Source implements WeightSource {
        private final OnnxFile file;
        private final OnnxFormat format;
        private final ExternalData external;
        private final Map<String, TensorProto> initializers = new LinkedHashMap<>();
        private final OnnxRoles roles;

        Source(OnnxFile file, OnnxFormat format) {
            this.file = file;
            this.format = format;
            this.external = new ExternalData(file.path());
            this.roles = OnnxRoles.of(file.model().getGraph());
            for (TensorProto proto : file.model().getGraph().getInitializerList()) {
                if (OnnxTensors.isReadable(proto) && initializers.put(proto.getName(), proto) != null) {
                    throw FormatException.bad(
                            file.path(), OnnxFile.FORMAT, "two initializers are called '" + proto.getName() + "'");
                }
            }
        }

        @Override
        public Path path() {
            return file.path();
        }

        @Override
        public WeightFormat format() {
            return format;
        }

        @Override
        public Set<String> names() {
            return Collections.unmodifiableSet(initializers.keySet());
        }

        @Override
        public Tensor tensor(String name) {
            TensorProto proto = initializers.get(name);
            if (proto == null) {
                throw missing(name);
            }
            try {
                return OnnxTensors.read(proto, external);
            } catch (FormatException e) {
                throw e;
            } catch (SquisherException e) {
                throw FormatException.bad(path(), OnnxFile.FORMAT, e.getMessage());
            }
        }

        @Override
        public Role role(String name) {
            return roles.role(name);
        }

        @Override
        public Map<String, String> metadata() {
            Map<String, String> metadata = new LinkedHashMap<>();
            for (StringStringEntryProto entry : file.model().getMetadataPropsList()) {
                metadata.put(entry.getKey(), entry.getValue());
            }
            return metadata;
        }

        @Override
        public void close() {
            external.close();
        }
    }
}
