package io.squisher.format.hdf5;

import io.squisher.Counted;
import io.squisher.files.FileRegion;
import io.squisher.files.FileStart;
import io.squisher.files.FormatException;
import io.squisher.files.Opening;
import io.squisher.internal.jhdf.HdfFile;
import io.squisher.internal.jhdf.api.Attribute;
import io.squisher.internal.jhdf.api.Dataset;
import io.squisher.internal.jhdf.api.Group;
import io.squisher.internal.jhdf.api.Node;
import io.squisher.internal.jhdf.api.dataset.ContiguousDataset;
import io.squisher.internal.jhdf.exceptions.HdfException;
import io.squisher.internal.jhdf.object.datatype.DataType;
import io.squisher.internal.jhdf.object.datatype.FixedPoint;
import io.squisher.internal.jhdf.object.datatype.FloatingPoint;
import io.squisher.internal.jhdf.object.datatype.OpaqueDataType;
import io.squisher.internal.jhdf.object.datatype.OrderedDataType;
import io.squisher.internal.jhdf.object.datatype.StringData;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.FileTensor;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** An open HDF5 file: its numeric datasets as tensors, and the attributes of its groups. */
public final class Hdf5File implements AutoCloseable {
    static final String FORMAT = "HDF5 file";

    private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

    /** Groups in groups deeper than this are no model. */
    private static final int MAX_DEPTH = 64;

    /** More datasets than this are no model. */
    private static final int MAX_DATASETS = 1_000_000;

    /** Deflate cannot do better than 1032 to 1. */
    private static final long MAX_EXPANSION = 1100;

    /** A map ends at this size. */
    private static final long MOST_MAPPED = Integer.MAX_VALUE;

    private final FileRegion content;
    private final Optional<FileChannel> own;
    private final HdfFile file;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final Set<Long> groups = new HashSet<>();

    private final boolean showsOpaque;

    private Hdf5File(FileRegion content, Optional<FileChannel> own, HdfFile file, boolean showsOpaque) {
        this.content = content;
        this.own = own;
        this.file = file;
        this.showsOpaque = showsOpaque;
    }

    /** Whether the file starts with HDF5's signature. */
    public static boolean recognises(Path path) {
        return Arrays.equals(FileStart.of(path, SIGNATURE.length), SIGNATURE);
    }

    /**
     * Opens a file.
     *
     * @throws FormatException if it is missing, no HDF5 file, or damaged
     */
    public static Hdf5File open(Path path) {
        if (!Files.isRegularFile(path)) {
            throw FormatException.unreadable(
                    path,
                    Files.exists(path)
                            ? new IOException("it is a folder")
                            : new java.nio.file.NoSuchFileException(path.toString()));
        }
        try (Opening opening = new Opening()) {
            FileChannel channel = opening.add(FileChannel.open(path, StandardOpenOption.READ));
            return opening.keep(open(new FileRegion(path, channel, 0, channel.size()), Optional.of(channel)));
        } catch (IOException e) {
            throw FormatException.unreadable(path, e);
        }
    }

    /** Opens a file that lies inside another, which stays its caller's to close. */
    public static Hdf5File open(FileRegion content) {
        return open(content, Optional.empty());
    }

    private static Hdf5File open(FileRegion content, Optional<FileChannel> own) {
        byte[] start = new byte[(int) Math.min(SIGNATURE.length, content.size())];
        content.read(0, ByteBuffer.wrap(start));
        if (!Arrays.equals(start, SIGNATURE)) {
            throw FormatException.notA(content.file(), FORMAT, "it does not start with HDF5's signature");
        }
        return guarded(content.file(), () -> {
            try {
                return visited(new Hdf5File(content, own, structure(content), false));
            } catch (RuntimeException | AssertionError e) {
                NavigableSet<Long> opaque = isOpaque(e) ? OpaqueTypes.find(content) : new TreeSet<>();
                if (opaque.isEmpty()) {
                    throw e;
                }
                return visited(new Hdf5File(content, own, new HdfFile(new RegionChannel(content, opaque)), true));
            }
        });
    }

    private static Hdf5File visited(Hdf5File file) {
        file.visit(file.file, 0);
        return file;
    }

    /** In a map the library takes no memory for lengths that lie; a larger file is read piece by piece. */
    private static HdfFile structure(FileRegion content) {
        RegionChannel channel = new RegionChannel(content);
        if (content.size() > MOST_MAPPED) {
            return new HdfFile(channel);
        }
        try {
            return HdfFile.fromByteBuffer(channel.map(FileChannel.MapMode.READ_ONLY, 0, content.size()));
        } catch (IOException e) {
            throw FormatException.unreadable(content.file(), e);
        }
    }

    /** The library answers damage with exceptions of every kind; here each becomes one line. */
    static <T> T guarded(Path path, Supplier<T> work) {
        try {
            return work.get();
        } catch (FormatException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError | AssertionError e) {
            if (isOpaque(e)) {
                throw FormatException.unsupported(
                        path, FORMAT, "opaque values of another size than bfloat16's; save the model in float32");
            }
            throw FormatException.bad(path, FORMAT, reason(e));
        }
    }

    /** The library does not read an opaque type without a tag, which is what h5py writes for types that HDF5 lacks. */
    private static boolean isOpaque(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (Arrays.stream(cause.getStackTrace())
                    .anyMatch(frame -> frame.getClassName().equals(OpaqueDataType.class.getName()))) {
                return true;
            }
        }
        return false;
    }

    private static String reason(Throwable failure) {
        if (failure instanceof BufferUnderflowException) {
            return "truncated";
        }
        return failure.getMessage() == null || failure.getMessage().isBlank()
                ? failure.getClass().getSimpleName()
                : failure.getMessage().strip().lines().findFirst().orElseThrow();
    }

    private void visit(Group group, int depth) {
        if (depth > MAX_DEPTH) {
            throw FormatException.bad(path(), FORMAT, "groups are nested deeper than " + MAX_DEPTH);
        }
        if (!groups.add(group.getAddress())) {
            throw FormatException.unsupported(path(), FORMAT, "the group '" + group.getPath() + "' has two names");
        }
        for (Node node : group) {
            if (node.isLink()) {
                throw FormatException.unsupported(path(), FORMAT, "the link '" + node.getPath() + "'");
            }
            if (node instanceof Group inner) {
                visit(inner, depth + 1);
            } else if (node instanceof Dataset dataset) {
                elementType(dataset).ifPresent(type -> tensors.put(name(dataset), tensor(dataset, type)));
                if (tensors.size() > MAX_DATASETS) {
                    throw FormatException.bad(path(), FORMAT, "more than " + MAX_DATASETS + " datasets");
                }
            }
        }
    }

    private static String name(Node node) {
        return node.getPath().substring(1);
    }

    /** Empty for strings, compounds and big-endian numbers. */
    private Optional<ElementType> elementType(Dataset dataset) {
        DataType type = dataset.getDataType();
        if (showsOpaque && type instanceof StringData && type.getSize() == Short.BYTES) {
            return Optional.of(ElementType.BF16);
        }
        if (type instanceof OrderedDataType ordered && ordered.getByteOrder() != ByteOrder.LITTLE_ENDIAN) {
            return Optional.empty();
        }
        if (type instanceof FloatingPoint) {
            return switch (type.getSize()) {
                case 2 -> Optional.of(ElementType.F16);
                case 4 -> Optional.of(ElementType.F32);
                case 8 -> Optional.of(ElementType.F64);
                default -> Optional.empty();
            };
        }
        if (type instanceof FixedPoint number) {
            // Keras stores bfloat16 as 16-bit numbers with a remark.
            if (type.getSize() == 2 && "bfloat16".equals(text(dataset.getAttribute("dtype")))) {
                return Optional.of(ElementType.BF16);
            }
            return switch (type.getSize()) {
                case 1 -> Optional.of(number.isSigned() ? ElementType.I8 : ElementType.U8);
                case 2 -> Optional.of(number.isSigned() ? ElementType.I16 : ElementType.U16);
                case 4 -> Optional.of(number.isSigned() ? ElementType.I32 : ElementType.U32);
                case 8 -> Optional.of(number.isSigned() ? ElementType.I64 : ElementType.U64);
                default -> Optional.empty();
            };
        }
        return Optional.empty();
    }

    private Tensor tensor(Dataset dataset, ElementType type) {
        long[] dims = dataset.isScalar()
                ? new long[0]
                : Arrays.stream(dataset.getDimensions()).asLongStream().toArray();
        Shape shape = Shape.of(dims);
        if (dataset instanceof ContiguousDataset contiguous && !dataset.isEmpty()) {
            long position = contiguous.getDataAddress() + file.getUserBlockSize();
            long bytes = shape.size() * type.bytes();
            if (position < 0 || bytes > content.size() - position) {
                throw FormatException.bad(
                        path(), FORMAT, "the dataset '" + name(dataset) + "' reaches beyond the file");
            }
            return new FileTensor(path(), content.channel(), content.offset() + position, type, shape);
        }
        if (dataset.getDataType() instanceof StringData && !dataset.isEmpty()) {
            throw FormatException.unsupported(
                    path(), FORMAT, "the dataset '" + name(dataset) + "' of bfloat16 in chunks; save it uncompressed");
        }
        if (shape.size() * type.bytes() / MAX_EXPANSION > content.size()) {
            throw FormatException.bad(
                    path(),
                    FORMAT,
                    "the dataset '" + name(dataset) + "' of " + type + shape + " in a file of "
                            + Counted.of(content.size(), "byte"));
        }
        return new Hdf5Tensor(path(), dataset, type, shape);
    }

    /** The numeric datasets by path, without the leading slash. */
    public Map<String, Tensor> tensors() {
        return tensors;
    }

    /** A text attribute of the group at {@code groupPath} (empty: the root). */
    public Optional<String> attribute(String groupPath, String name) {
        return attributes(groupPath, name).stream().findFirst();
    }

    /** A list of texts in an attribute; one text is a list of one. */
    public List<String> attributes(String groupPath, String name) {
        return guarded(path(), () -> {
            Node node = groupPath.isEmpty() ? file : child(groupPath);
            Attribute attribute = node == null ? null : node.getAttributes().get(name);
            Object data = attribute == null ? null : attribute.getData();
            if (data instanceof String text) {
                return List.of(text);
            }
            return data instanceof String[] texts ? List.of(texts) : List.<String>of();
        });
    }

    private Node child(String groupPath) {
        Node node = file;
        for (String part : groupPath.split("/")) {
            node = node instanceof Group group ? group.getChild(part) : null;
        }
        return node;
    }

    private static String text(Attribute attribute) {
        return attribute != null && attribute.getData() instanceof String text ? text : null;
    }

    public Path path() {
        return content.file();
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (HdfException e) {
            // It has closed, and asks for a path in order to say so.
        }
        close(own);
    }

    private static void close(Optional<FileChannel> channel) {
        try {
            if (channel.isPresent()) {
                channel.get().close();
            }
        } catch (IOException e) {
            // Only read from; nothing is lost.
        }
    }
}
