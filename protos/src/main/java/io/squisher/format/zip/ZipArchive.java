package io.squisher.format.zip;

import io.squisher.Counted;
import io.squisher.files.FileRegion;
import io.squisher.files.FormatException;
import io.squisher.files.Opening;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** An open archive. Stored members are read where they are; deflated ones are unpacked once, into a temporary file. */
public final class ZipArchive implements AutoCloseable {
    static final String FORMAT = "zip archive";

    private static final int LOCAL_HEADER = 0x04034b50;
    private static final int LOCAL_HEADER_BYTES = 30;

    private final Path path;
    private final FileRegion file;
    private final Optional<FileChannel> own;
    private final Map<String, ZipMember> members;
    private final Map<String, FileRegion> unpacked = new HashMap<>();
    private final List<FileChannel> temporaries = new ArrayList<>();

    private ZipArchive(FileRegion file, Optional<FileChannel> own) {
        this.path = file.file();
        this.file = file;
        this.own = own;
        this.members = new ZipDirectory(file).members();
    }

    /**
     * Opens an archive and reads its directory.
     *
     * @throws FormatException if it is missing, no archive, or damaged
     */
    public static ZipArchive open(Path path) {
        try (Opening opening = new Opening()) {
            FileChannel channel = opening.add(FileChannel.open(path, StandardOpenOption.READ));
            return opening.keep(new ZipArchive(new FileRegion(path, channel, 0, channel.size()), Optional.of(channel)));
        } catch (IOException e) {
            throw FormatException.unreadable(path, e);
        }
    }

    /**
     * An archive that is a part of a file, which stays open when this is closed.
     *
     * @throws FormatException if it is no archive, or damaged
     */
    public static ZipArchive in(FileRegion region) {
        return new ZipArchive(region, Optional.empty());
    }

    /** Whether a file starts as archives do. */
    public static boolean startsLikeOne(byte[] start) {
        return start.length >= 4 && start[0] == 'P' && start[1] == 'K' && start[2] == 3 && start[3] == 4;
    }

    public Path path() {
        return path;
    }

    /** Names of the members, in the directory's order. */
    public Set<String> names() {
        return Collections.unmodifiableSet(members.keySet());
    }

    /**
     * The bytes of a member, as a region of a file that stays readable until {@link #close()}.
     *
     * @throws FormatException if there is no such member or it is damaged
     */
    public synchronized FileRegion region(String name) {
        ZipMember member = member(name);
        try {
            if (member.method() == ZipMember.STORED) {
                return file.slice(dataOffset(member), member.size());
            }
            if (own.isEmpty()) {
                // Nobody would close the temporary file of an archive that is read where it lies, again and again.
                throw bad("the member '" + name + "' is compressed, in an archive inside another file");
            }
            FileRegion known = unpacked.get(name);
            if (known == null) {
                known = unpack(member);
                unpacked.put(name, known);
            }
            return known;
        } catch (IOException e) {
            throw FormatException.unreadable(path, e);
        }
    }

    /**
     * A small member whole.
     *
     * @throws FormatException if it has more than {@code most} bytes
     */
    public byte[] bytes(String name, int most) {
        FileRegion region = region(name);
        if (region.size() > most) {
            throw bad("the member '" + name + "' has " + Counted.of(region.size(), "byte") + ", at most " + most
                    + " are expected");
        }
        byte[] bytes = new byte[(int) region.size()];
        region.read(0, ByteBuffer.wrap(bytes));
        return bytes;
    }

    private ZipMember member(String name) {
        ZipMember member = members.get(name);
        if (member == null) {
            throw bad("it has no member '" + name + "'");
        }
        return member;
    }

    private long dataOffset(ZipMember member) {
        ByteBuffer header = ByteBuffer.allocate(LOCAL_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        file.slice(member.headerOffset(), LOCAL_HEADER_BYTES).read(0, header);
        if (header.getInt(0) != LOCAL_HEADER) {
            throw bad("no local header for '" + member.name() + "' at 0x" + Long.toHexString(member.headerOffset()));
        }
        long offset = member.headerOffset()
                + LOCAL_HEADER_BYTES
                + (header.getShort(26) & 0xffff)
                + (header.getShort(28) & 0xffff);
        if (member.storedSize() > file.size() - offset) {
            throw bad("the member '" + member.name() + "' of " + Counted.of(member.storedSize(), "byte") + " at 0x"
                    + Long.toHexString(offset) + " reaches beyond the file");
        }
        return offset;
    }

    private FileRegion unpack(ZipMember member) throws IOException {
        Path temporary = Files.createTempFile("squisher", ".member");
        FileChannel target = FileChannel.open(
                temporary, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        temporaries.add(target);
        FileRegion packed = file.slice(dataOffset(member), member.storedSize());
        Inflater inflater = new Inflater(true);
        try (InputStream in = new InflaterInputStream(packed.stream(), inflater, 1 << 16)) {
            long written = copy(in, target, member.size());
            if (written != member.size() || in.read() >= 0) {
                throw bad("the member '" + member.name() + "' does not unpack to the "
                        + Counted.of(member.size(), "byte") + " that the directory gives");
            }
        } catch (java.util.zip.ZipException | java.io.EOFException e) {
            throw bad("the member '" + member.name() + "' is damaged: " + e.getMessage());
        } finally {
            inflater.end();
        }
        return new FileRegion(path, target, 0, member.size());
    }

    private static long copy(InputStream in, FileChannel target, long most) throws IOException {
        byte[] piece = new byte[1 << 16];
        long total = 0;
        while (total < most) {
            int count = in.read(piece, 0, (int) Math.min(piece.length, most - total));
            if (count < 0) {
                break;
            }
            Channels.newOutputStream(target).write(piece, 0, count);
            total += count;
        }
        return total;
    }

    private FormatException bad(String detail) {
        return FormatException.bad(path, FORMAT, detail);
    }

    @Override
    public void close() {
        temporaries.forEach(ZipArchive::closeQuietly);
        own.ifPresent(ZipArchive::closeQuietly);
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // Nothing was written through it that anybody needs.
        }
    }
}
