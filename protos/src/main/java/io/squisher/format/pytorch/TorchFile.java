package io.squisher.format.pytorch;

import io.squisher.Counted;
import io.squisher.files.FileRegion;
import io.squisher.files.FormatException;
import io.squisher.files.Opening;
import io.squisher.format.pickle.PickleReader;
import io.squisher.format.pickle.PickleSequence;
import io.squisher.format.zip.ZipArchive;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An open file of {@code torch.save}: the object in it, as maps, lists, plain values and tensors. */
public final class TorchFile implements AutoCloseable {
    static final String FORMAT = "PyTorch file";

    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final long LEGACY_PROTOCOL = 1001;
    private static final String PART = ".pth";
    private static final String PICKLE = "/data.pkl";

    private final Path path;
    private final AutoCloseable container;
    private final Object root;

    private TorchFile(Path path, AutoCloseable container, Object root) {
        this.path = path;
        this.container = container;
        this.root = root;
    }

    /**
     * Opens a file; the values of tensors stay where they are until they are read.
     *
     * @throws FormatException if it is missing, no PyTorch file, or damaged
     */
    public static TorchFile open(Path path) {
        try (Opening opening = new Opening()) {
            FileChannel channel = opening.add(FileChannel.open(path, StandardOpenOption.READ));
            FileRegion file = new FileRegion(path, channel, 0, channel.size());
            byte[] start = new byte[(int) Math.min(4, file.size())];
            file.read(0, ByteBuffer.wrap(start));
            return ZipArchive.startsLikeOne(start)
                    ? openZip(path)
                    : opening.keep(new TorchFile(path, channel, readLegacy(file)));
        } catch (IOException e) {
            throw FormatException.unreadable(path, e);
        }
    }

    /**
     * Opens what {@code torch.save} wrote into a part of a file, which stays open when this is closed.
     *
     * @throws FormatException as {@link #open}
     */
    static TorchFile in(FileRegion region) {
        try (Opening opening = new Opening()) {
            byte[] start = new byte[(int) Math.min(4, region.size())];
            region.read(0, ByteBuffer.wrap(start));
            if (!ZipArchive.startsLikeOne(start)) {
                return new TorchFile(region.file(), () -> {}, readLegacy(region));
            }
            ZipArchive archive = opening.add(ZipArchive.in(region));
            return opening.keep(new TorchFile(region.file(), archive, readZip(region.file(), archive)));
        }
    }

    private static TorchFile openZip(Path path) {
        try (Opening opening = new Opening()) {
            ZipArchive archive = opening.add(ZipArchive.open(path));
            return opening.keep(
                    archive.names().stream().anyMatch(TorchFile::isPart)
                            ? openParts(path, archive)
                            : new TorchFile(path, archive, readZip(path, archive)));
        }
    }

    /** Stable-Baselines3 puts files of PyTorch into an archive: {@code policy.pth} and {@code policy.optimizer.pth}. */
    private static boolean isPart(String member) {
        return member.endsWith(PART) && member.indexOf('/') < 0;
    }

    private static TorchFile openParts(Path path, ZipArchive archive) {
        try (Opening opening = new Opening()) {
            Map<Object, Object> roots = new LinkedHashMap<>();
            List<TorchFile> parts = new ArrayList<>();
            for (String member : archive.names()) {
                if (isPart(member)) {
                    TorchFile part = opening.add(in(archive.region(member)));
                    parts.add(part);
                    roots.put(member.substring(0, member.length() - PART.length()), part.root());
                }
            }
            AutoCloseable all = () -> {
                parts.forEach(part -> part.close());
                archive.close();
            };
            return opening.keep(new TorchFile(path, all, roots));
        }
    }

    private static Object readZip(Path path, ZipArchive archive) {
        String pickle = archive.names().stream()
                .filter(name -> name.endsWith(PICKLE) && name.indexOf('/') == name.length() - PICKLE.length())
                .findFirst()
                .orElseThrow(() -> FormatException.notA(path, FORMAT, "an archive without <name>/data.pkl"));
        String top = pickle.substring(0, pickle.length() - PICKLE.length());
        if (archive.names().contains(top + "/constants.pkl")) {
            throw FormatException.unsupported(
                    path, FORMAT, "a TorchScript archive; save the model's state_dict instead");
        }
        String byteOrder = top + "/byteorder";
        if (archive.names().contains(byteOrder)
                && !new String(archive.bytes(byteOrder, 64), StandardCharsets.US_ASCII).equals("little")) {
            throw FormatException.unsupported(path, FORMAT, "big-endian storages");
        }
        TorchConstructors constructors = new TorchConstructors();
        Object root = new PickleReader(archive.region(pickle), 0, FORMAT, constructors).read();
        for (Map.Entry<String, TorchStorage> entry : constructors.storages().entrySet()) {
            FileRegion region = archive.region(top + "/data/" + entry.getKey());
            place(path, entry.getValue(), region);
        }
        return root;
    }

    private static Object readLegacy(FileRegion file) {
        TorchConstructors constructors = new TorchConstructors();
        PickleReader reader = new PickleReader(file, 0, FORMAT, constructors);
        Object magic;
        try {
            magic = reader.read();
        } catch (FormatException e) {
            throw FormatException.notA(file.file(), FORMAT, "neither a zip archive nor a pickle");
        }
        if (!MAGIC.equals(magic)) {
            throw FormatException.notA(file.file(), FORMAT, "a pickle, but not one that torch.save wrote");
        }
        if (!Long.valueOf(LEGACY_PROTOCOL).equals(reader.read())) {
            throw FormatException.unsupported(file.file(), FORMAT, "a protocol other than " + LEGACY_PROTOCOL);
        }
        Map<?, ?> system = reader.read() instanceof Map<?, ?> map ? map : Map.of();
        if (Boolean.FALSE.equals(system.get("little_endian"))) {
            throw FormatException.unsupported(file.file(), FORMAT, "big-endian storages");
        }
        Object root = reader.read();
        Object keys = reader.read();
        if (!(keys instanceof PickleSequence sequence)) {
            throw FormatException.bad(file.file(), FORMAT, "no list of storages after the object");
        }
        long at = reader.position();
        for (Object key : sequence.items()) {
            at = placeNext(file, constructors.storages().get(key), String.valueOf(key), at);
        }
        if (constructors.storages().values().stream().anyMatch(storage -> storage.region() == null)) {
            throw FormatException.bad(file.file(), FORMAT, "a tensor's storage is not in the list of storages");
        }
        return root;
    }

    private static long placeNext(FileRegion file, TorchStorage storage, String key, long at) {
        ByteBuffer count = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        if (at > file.size() - 8) {
            throw FormatException.bad(file.file(), FORMAT, "truncated before the storage '" + key + "'");
        }
        file.read(at, count);
        if (storage == null) {
            throw FormatException.bad(file.file(), FORMAT, "the storage '" + key + "' belongs to no tensor");
        }
        if (storage.width() == 0) {
            throw FormatException.unsupported(
                    file.file(), FORMAT, "a storage of class '" + storage.declared() + "', of unknown size");
        }
        long bytes = storage.bytes();
        if (count.getLong(0) != storage.elements() || bytes > file.size() - at - 8) {
            throw FormatException.bad(
                    file.file(),
                    FORMAT,
                    "the storage '" + key + "' of " + Counted.of(storage.elements(), "element") + " at 0x"
                            + Long.toHexString(at) + " is truncated or has another size");
        }
        place(file.file(), storage, file.slice(at + 8, bytes));
        return at + 8 + bytes;
    }

    private static void place(Path path, TorchStorage storage, FileRegion region) {
        if (region.size() < storage.bytes()) {
            throw FormatException.bad(
                    path,
                    FORMAT,
                    "the storage '" + storage.key() + "' has " + Counted.of(region.size(), "byte")
                            + ", its tensors need " + storage.bytes());
        }
        storage.place(region);
    }

    public Path path() {
        return path;
    }

    /** The object that was saved. */
    public Object root() {
        return root;
    }

    @Override
    public void close() {
        close(container);
    }

    private static void close(AutoCloseable resource) {
        try {
            if (resource != null) {
                resource.close();
            }
        } catch (Exception e) {
            // Only read from; nothing is lost.
        }
    }
}
