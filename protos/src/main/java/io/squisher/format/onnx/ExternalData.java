package io.squisher.format.onnx;

import io.squisher.Counted;
import io.squisher.files.FormatException;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.StringStringEntryProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.FileTensor;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The files beside a model that hold its external tensors, each opened once. */
public final class ExternalData implements AutoCloseable {
    private final Path model;
    private final Map<Path, FileChannel> channels = new HashMap<>();

    /** External data of the model in file {@code model}. */
    public ExternalData(Path model) {
        this.model = model;
    }

    /**
     * The files in which a model says that its tensors are, in the main graph or below; they need not exist.
     *
     * @return paths beside the model's; names that can be no path are left out
     */
    public static Set<Path> files(OnnxFile file) {
        Set<String> locations = new LinkedHashSet<>();
        file.model().getGraph().getInitializerList().forEach(proto -> addLocation(proto, locations));
        addLocations(file.model().getGraph().getNodeList(), locations);
        file.model().getFunctionsList().forEach(function -> addLocations(function.getNodeList(), locations));
        Set<Path> files = new LinkedHashSet<>();
        for (String location : locations) {
            try {
                files.add(file.path().toAbsolutePath().resolveSibling(location));
            } catch (InvalidPathException e) {
                // Reading the tensor says so.
            }
        }
        return files;
    }

    private static void addLocations(List<NodeProto> nodes, Set<String> locations) {
        for (NodeProto node : nodes) {
            for (AttributeProto attribute : node.getAttributeList()) {
                addLocation(attribute.getT(), locations);
                attribute.getTensorsList().forEach(proto -> addLocation(proto, locations));
                List<GraphProto> graphs = new ArrayList<>(attribute.getGraphsList());
                graphs.add(attribute.getG());
                for (GraphProto graph : graphs) {
                    graph.getInitializerList().forEach(proto -> addLocation(proto, locations));
                    addLocations(graph.getNodeList(), locations);
                }
            }
        }
    }

    private static void addLocation(TensorProto proto, Set<String> locations) {
        if (proto.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
            proto.getExternalDataList().stream()
                    .filter(entry -> entry.getKey().equals("location"))
                    .forEach(entry -> locations.add(entry.getValue()));
        }
    }

    /**
     * The tensor that {@code proto} places in another file.
     *
     * @throws FormatException if that file is missing, too short, or outside the model's folder
     */
    Tensor tensor(TensorProto proto, TensorSpec spec) {
        Map<String, String> place = new HashMap<>();
        for (StringStringEntryProto entry : proto.getExternalDataList()) {
            place.put(entry.getKey(), entry.getValue());
        }
        Path file = resolve(proto.getName(), place.get("location"));
        long bytes = spec.bytes();
        try {
            long offset = Long.parseLong(place.getOrDefault("offset", "0"));
            long length = Long.parseLong(place.getOrDefault("length", Long.toString(bytes)));
            FileChannel channel = open(file);
            if (length != bytes || offset < 0 || offset > channel.size() - bytes) {
                throw bad(
                        proto.getName(),
                        spec + " needs " + Counted.of(bytes, "byte") + ", '" + file.getFileName() + "' of "
                                + Counted.of(channel.size(), "byte") + " is said to hold " + length + " at " + offset);
            }
            return new FileTensor(file, channel, offset, spec.type(), spec.shape());
        } catch (NumberFormatException e) {
            throw bad(proto.getName(), "its offset or length is not a number");
        } catch (IOException e) {
            throw FormatException.unreadable(file, e);
        }
    }

    private Path resolve(String tensor, String location) {
        if (location == null || location.isEmpty()) {
            throw bad(tensor, "external data without a location");
        }
        Path folder = model.toAbsolutePath().normalize().getParent();
        try {
            Path file = folder.resolve(location).normalize();
            if (Path.of(location).isAbsolute() || !file.startsWith(folder)) {
                throw bad(tensor, "its data is said to be at '" + location + "', outside the model's folder");
            }
            if (!file.toRealPath().startsWith(folder.toRealPath())) {
                throw bad(
                        tensor,
                        "'" + location + "' is a link to outside the model's folder; put the file itself there");
            }
            if (!Files.isRegularFile(file)) {
                throw bad(tensor, "'" + location + "' is not a file");
            }
            return file;
        } catch (InvalidPathException e) {
            throw bad(tensor, "its data is said to be at '" + location + "', which is no path");
        } catch (IOException e) {
            throw FormatException.unreadable(folder.resolve(location), e);
        }
    }

    private FileChannel open(Path file) throws IOException {
        FileChannel channel = channels.get(file);
        if (channel == null) {
            channel = FileChannel.open(file, StandardOpenOption.READ);
            channels.put(file, channel);
        }
        return channel;
    }

    private FormatException bad(String tensor, String detail) {
        return FormatException.bad(model, OnnxFile.FORMAT, "tensor '" + tensor + "': " + detail);
    }

    @Override
    public void close() {
        for (Map.Entry<Path, FileChannel> entry : channels.entrySet()) {
            try {
                entry.getValue().close();
            } catch (IOException e) {
                throw FormatException.unreadable(entry.getKey(), e);
            }
        }
        channels.clear();
    }
}
