package io.squisher.fisher;

import io.squisher.files.AtomicFile;
import io.squisher.files.FormatException;
import io.squisher.files.Opening;
import io.squisher.format.safetensors.SafetensorsFile;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.format.safetensors.ShardIndex;
import io.squisher.internal.gson.Gson;
import io.squisher.internal.gson.JsonParseException;
import io.squisher.internal.gson.reflect.TypeToken;
import io.squisher.internal.protobuf.InvalidProtocolBufferException;
import io.squisher.internal.protobuf.util.JsonFormat;
import io.squisher.proto.Provenance;
import io.squisher.tensor.ChecksummedTensor;
import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import io.squisher.weights.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * A Fisher diagonal on disk: a safetensors file with a float32 (or float64) tensor for each parameter, and in its
 * metadata {@value #PROVENANCE_KEY}, the {@link Provenance} as JSON, and {@value #ROLES_KEY}, the roles of the tensors
 * that are not parameters. Metadata of other tools is kept.
 */
public final class FisherFile implements AutoCloseable {
    /** Metadata key of the provenance. */
    public static final String PROVENANCE_KEY = "squisher.provenance";

    /** Metadata key of the roles. */
    public static final String ROLES_KEY = "squisher.roles";

    /** The version of a file whose accumulators come from one optimizer without loss scale, and of a computed Fisher. */
    public static final int FORMAT_VERSION = 1;

    /** The version of other files, whose numbers an older release would take for something else; the newest that is read. */
    public static final int NEWEST_FORMAT_VERSION = 2;

    private static final String INDEX_SUFFIX = ".safetensors.index.json";

    /** Tensors that stay below this everywhere are written in float64: float32 ends at 1.2e-38. */
    private static final double SMALL = 1e-30;

    private final Path path;
    private final List<SafetensorsFile> files;
    private final FisherDiagonal diagonal;

    private FisherFile(Path path, List<SafetensorsFile> files, FisherDiagonal diagonal) {
        this.path = path;
        this.files = files;
        this.diagonal = diagonal;
    }

    /**
     * Opens a Fisher file, or one in several files by its index, {@code NAME.safetensors.index.json}. One without provenance (from
     * another program) is read as of unknown kind.
     *
     * @throws FormatException if it is missing, damaged, or of a newer version
     */
    public static FisherFile open(Path path) {
        try (Opening opening = new Opening()) {
            if (!path.toString().endsWith(INDEX_SUFFIX)) {
                SafetensorsFile file = opening.add(SafetensorsFile.open(path));
                return opening.keep(new FisherFile(path, List.of(file), diagonal(path, file, file.tensors())));
            }
            ShardIndex index = ShardIndex.read(path, "Fisher file");
            List<SafetensorsFile> files = new ArrayList<>();
            List<FisherDiagonal> parts = new ArrayList<>();
            for (String name : new LinkedHashSet<>(index.files().values())) {
                SafetensorsFile file = opening.add(SafetensorsFile.open(index.shard(name)));
                files.add(file);
                Map<String, Tensor> named = new LinkedHashMap<>(file.tensors());
                named.keySet().removeIf(tensor -> !name.equals(index.files().get(tensor)));
                parts.add(diagonal(file.path(), file, named));
            }
            FisherDiagonal whole = joined(path, parts);
            index.files().keySet().stream()
                    .filter(tensor -> !whole.names().contains(tensor))
                    .findFirst()
                    .ifPresent(tensor -> {
                        throw index.missing(tensor);
                    });
            return opening.keep(new FisherFile(path, files, whole));
        }
    }

    private static FisherDiagonal diagonal(Path path, SafetensorsFile file, Map<String, Tensor> tensors) {
        Provenance provenance = provenance(path, file.metadata().get(PROVENANCE_KEY));
        Map<String, Role> roles = roles(path, file.metadata().get(ROLES_KEY));
        tensors.forEach((name, tensor) -> {
            if (!tensor.type().isFloating()) {
                throw FormatException.notA(
                        path, "Fisher file", "tensor '" + name + "' is " + TensorSpec.of(tensor) + ", not floating");
            }
        });
        OptimizerGroups.problem(provenance, tensors.keySet()).ifPresent(problem -> {
            throw FormatException.bad(path, "Fisher file", PROVENANCE_KEY + ": " + problem);
        });
        return new FisherDiagonal(tensors, roles, provenance);
    }

    /** Parts of one diagonal, each of which knows the standard errors of its own tensors alone. */
    private static FisherDiagonal joined(Path path, List<FisherDiagonal> parts) {
        if (parts.isEmpty()) {
            throw FormatException.bad(path, "Fisher file", "its index names no tensor");
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Map<String, Role> roles = new LinkedHashMap<>();
        Provenance.Builder whole = parts.get(0).provenance().toBuilder();
        for (FisherDiagonal part : parts) {
            Provenance provenance = part.provenance();
            if (!comparable(provenance).equals(comparable(whole.build()))) {
                throw FormatException.bad(
                        path, "Fisher file", "its files are of different Fishers: their " + PROVENANCE_KEY + " differ");
            }
            tensors.putAll(part.tensors());
            roles.putAll(part.roles());
            if (provenance.hasSamplingError()) {
                whole.getSamplingErrorBuilder()
                        .putAllRelative(provenance.getSamplingError().getRelativeMap());
            }
        }
        return new FisherDiagonal(tensors, roles, whole.build());
    }

    private static Provenance comparable(Provenance provenance) {
        return provenance.toBuilder().clearSamplingError().clearCreated().build();
    }

    /** The diagonal; its tensors are readable until {@link #close()}. */
    public FisherDiagonal diagonal() {
        return diagonal;
    }

    public Path path() {
        return path;
    }

    /** All metadata of the file, ours included; of the first where there are several. */
    public Map<String, String> metadata() {
        return files.get(0).metadata();
    }

    @Override
    public void close() {
        files.forEach(SafetensorsFile::close);
    }

    /** Writes a diagonal atomically. */
    public static void write(Path path, FisherDiagonal diagonal) {
        write(path, diagonal, Map.of());
    }

    /** Writes a diagonal atomically, with more metadata beside its own. */
    public static void write(Path path, FisherDiagonal diagonal, Map<String, String> otherMetadata) {
        try (AtomicFile file = prepare(path, diagonal, otherMetadata)) {
            file.commit();
        }
    }

    /** Writes a diagonal under a temporary name; who commits the file puts it in its place. */
    public static AtomicFile prepare(Path path, FisherDiagonal diagonal, Map<String, String> otherMetadata) {
        Map<String, String> metadata = new LinkedHashMap<>(otherMetadata);
        Provenance stamped = diagonal.provenance().toBuilder()
                .setFormatVersion(versionOf(diagonal.provenance()))
                .build();
        metadata.put(PROVENANCE_KEY, toJson(stamped));
        metadata.remove(ROLES_KEY);
        if (!diagonal.roles().isEmpty()) {
            Map<String, String> roles = new LinkedHashMap<>();
            diagonal.names().forEach(name -> {
                if (diagonal.role(name) != Role.PARAMETER) {
                    roles.put(name, diagonal.role(name).name());
                }
            });
            metadata.put(ROLES_KEY, new Gson().toJson(roles));
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        diagonal.tensors().forEach((name, tensor) -> tensors.put(name, widenedIfSmall(tensor)));
        return SafetensorsWriter.prepare(path, tensors, metadata);
    }

    private static int versionOf(Provenance provenance) {
        boolean plain = provenance.getOptimizerGroupsCount() == 0
                && !provenance.getAccumulator().hasLossScale();
        return plain ? FORMAT_VERSION : NEWEST_FORMAT_VERSION;
    }

    /** A float64 tensor is kept where float32 would lose its values, and rounded to float32 otherwise. */
    public static Tensor compact(Shape shape, double... values) {
        double largest = 0;
        for (double value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        if (needsDouble(largest)) {
            return Tensor.of(shape, values);
        }
        float[] rounded = new float[values.length];
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = (float) values[i];
        }
        return Tensor.of(shape, rounded);
    }

    /** Whether values of which {@code largest} is the largest magnitude are kept in float64. */
    public static boolean needsDouble(double largest) {
        return largest > 0 && largest < SMALL || largest > Float.MAX_VALUE;
    }

    private static Tensor widenedIfSmall(Tensor tensor) {
        if (tensor.type() == ElementType.F64) {
            return tensor;
        }
        // Writing will verify it, if it has a checksum: a look at its start is not worth reading all of it first.
        boolean small = isSmallEverywhere(tensor instanceof ChecksummedTensor stored ? stored.unverified() : tensor);
        return small ? Tensor.of(tensor.shape(), tensor.toDoubles()) : tensor;
    }

    /** Whether there are values, and all are small. The first that is not ends the search, so few are read. */
    private static boolean isSmallEverywhere(Tensor tensor) {
        ChunkReader reader = ChunkReader.upTo(tensor.size());
        double[] chunk = new double[(int) Math.min(tensor.size(), ChunkReader.DEFAULT_ELEMENTS)];
        boolean values = false;
        long at = 0;
        for (int count = reader.read(tensor, at, chunk); count > 0; count = reader.read(tensor, at, chunk)) {
            for (int i = 0; i < count; i++) {
                if (!(Math.abs(chunk[i]) < SMALL)) {
                    return false;
                }
                values |= chunk[i] != 0;
            }
            at += count;
        }
        return values;
    }

    /** A provenance as it stands in a file: JSON on one line. */
    public static String toJson(Provenance provenance) {
        try {
            return JsonFormat.printer().omittingInsignificantWhitespace().print(provenance);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * The provenance in a file's metadata.
     *
     * @param path for messages
     * @param json the value of {@link #PROVENANCE_KEY}; null gives an empty one
     */
    public static Provenance provenance(Path path, String json) {
        if (json == null) {
            return Provenance.getDefaultInstance();
        }
        Provenance.Builder provenance = Provenance.newBuilder();
        try {
            JsonFormat.parser().ignoringUnknownFields().merge(json, provenance);
        } catch (InvalidProtocolBufferException e) {
            throw FormatException.bad(path, "Fisher file", PROVENANCE_KEY + ": " + FormatException.firstLine(e));
        }
        if (provenance.getFormatVersion() > NEWEST_FORMAT_VERSION) {
            throw FormatException.unsupported(
                    path,
                    "Fisher file",
                    "format version " + provenance.getFormatVersion() + ", this release reads up to "
                            + NEWEST_FORMAT_VERSION);
        }
        return provenance.build();
    }

    private static Map<String, Role> roles(Path path, String json) {
        if (json == null) {
            return Map.of();
        }
        try {
            Map<String, Role> roles = new Gson().fromJson(json, new TypeToken<Map<String, Role>>() {}.getType());
            if (roles == null || roles.containsValue(null)) {
                throw FormatException.bad(path, "Fisher file", ROLES_KEY + " holds a role that is not known: " + json);
            }
            return roles;
        } catch (JsonParseException e) {
            throw FormatException.bad(path, "Fisher file", ROLES_KEY + " is not a JSON object");
        }
    }
}
