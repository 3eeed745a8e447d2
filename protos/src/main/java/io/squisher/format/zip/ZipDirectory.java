package io.squisher.format.zip;

import io.squisher.Counted;
import io.squisher.files.FileRegion;
import io.squisher.files.FormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the central directory: found from the end of the file, by way of the zip64 record where sizes need it. */
final class ZipDirectory {
    private static final int END = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int MAX_COMMENT = 65535;
    private static final int END64_LOCATOR = 0x07064b50;
    private static final int END64_LOCATOR_BYTES = 20;
    private static final int END64 = 0x06064b50;
    private static final int END64_BYTES = 56;
    private static final int ENTRY = 0x02014b50;
    private static final int ENTRY_BYTES = 46;
    private static final int ZIP64_EXTRA = 1;
    private static final int IN_ZIP64 = 0xffff;
    private static final long IN_ZIP64_LONG = 0xffffffffL;
    private static final int MAX_DIRECTORY = 256 << 20;
    /** Deflate cannot do better than 1032 to 1. */
    private static final long MAX_EXPANSION = 1100;
    /** Unpacked members lie in a temporary file. Weights hardly shrink; what becomes so much more is there to fill the disk. */
    private static final long LARGE = 1L << 30;

    private static final long MAX_EXPANSION_OF_LARGE = 50;

    private final Path path;
    private final FileRegion file;

    ZipDirectory(FileRegion file) {
        this.path = file.file();
        this.file = file;
    }

    Map<String, ZipMember> members() {
        int tailBytes = (int) Math.min(file.size(), END_BYTES + MAX_COMMENT);
        ByteBuffer tail = read(file.size() - tailBytes, tailBytes);
        int at = tailBytes - END_BYTES;
        while (at >= 0 && tail.getInt(at) != END) {
            at--;
        }
        if (at < 0) {
            byte[] start = new byte[(int) Math.min(4, file.size())];
            file.read(0, ByteBuffer.wrap(start));
            throw ZipArchive.startsLikeOne(start)
                    ? FormatException.bad(path, ZipArchive.FORMAT, "no end record: truncated")
                    : FormatException.notA(path, ZipArchive.FORMAT, "no end record");
        }
        long count = tail.getShort(at + 10) & 0xffff;
        long size = tail.getInt(at + 12) & IN_ZIP64_LONG;
        long offset = tail.getInt(at + 16) & IN_ZIP64_LONG;
        if (count == IN_ZIP64 || size == IN_ZIP64_LONG || offset == IN_ZIP64_LONG) {
            ByteBuffer end64 = end64(file.size() - tailBytes + at);
            count = end64.getLong(32);
            size = end64.getLong(40);
            offset = end64.getLong(48);
        }
        if (size < 0 || size > MAX_DIRECTORY || offset < 0 || offset > file.size() - size) {
            throw bad("a directory of " + Counted.of(size, "byte") + " at 0x" + Long.toHexString(offset)
                    + " does not fit the file");
        }
        return parse(read(offset, (int) size), count);
    }

    private ByteBuffer end64(long endAt) {
        long locatorAt = endAt - END64_LOCATOR_BYTES;
        if (locatorAt < 0) {
            throw bad("no room for the zip64 locator");
        }
        ByteBuffer locator = read(locatorAt, END64_LOCATOR_BYTES);
        long at = locator.getLong(8);
        if (locator.getInt(0) != END64_LOCATOR || at < 0 || at > file.size() - END64_BYTES) {
            throw bad("the zip64 locator at 0x" + Long.toHexString(locatorAt) + " is damaged");
        }
        ByteBuffer end = read(at, END64_BYTES);
        if (end.getInt(0) != END64) {
            throw bad("no zip64 record at 0x" + Long.toHexString(at));
        }
        return end;
    }

    private Map<String, ZipMember> parse(ByteBuffer directory, long count) {
        Map<String, ZipMember> members = new LinkedHashMap<>();
        for (long i = 0; i < count; i++) {
            int at = directory.position();
            if (directory.remaining() < ENTRY_BYTES || directory.getInt(at) != ENTRY) {
                throw bad("entry " + i + " of " + count + " of the directory is damaged");
            }
            int nameBytes = directory.getShort(at + 28) & 0xffff;
            int extraBytes = directory.getShort(at + 30) & 0xffff;
            int commentBytes = directory.getShort(at + 32) & 0xffff;
            int length = ENTRY_BYTES + nameBytes + extraBytes + commentBytes;
            if (directory.remaining() < length) {
                throw bad("entry " + i + " of " + count + " of the directory is truncated");
            }
            ZipMember member = entry(directory.slice(at, length).order(ByteOrder.LITTLE_ENDIAN), nameBytes, extraBytes);
            if (members.put(member.name(), member) != null) {
                throw bad("two members are called '" + member.name() + "'");
            }
            directory.position(at + length);
        }
        return members;
    }

    private ZipMember entry(ByteBuffer entry, int nameBytes, int extraBytes) {
        byte[] nameText = new byte[nameBytes];
        entry.get(ENTRY_BYTES, nameText);
        String name = new String(nameText, StandardCharsets.UTF_8);
        int flags = entry.getShort(8);
        int method = entry.getShort(10) & 0xffff;
        long[] values = {
            entry.getInt(24) & IN_ZIP64_LONG, entry.getInt(20) & IN_ZIP64_LONG, entry.getInt(42) & IN_ZIP64_LONG
        };
        widen(values, entry.slice(ENTRY_BYTES + nameBytes, extraBytes).order(ByteOrder.LITTLE_ENDIAN));
        ZipMember member = new ZipMember(name, method, values[1], values[0], values[2]);
        if ((flags & 1) != 0) {
            throw unsupported(name, "is encrypted");
        }
        if (method != ZipMember.STORED && method != ZipMember.DEFLATED) {
            throw unsupported(name, "is compressed by method " + method);
        }
        check(member);
        return member;
    }

    /** The zip64 extra field holds, in this order, those of size, stored size and offset that are all ones outside. */
    private void widen(long[] values, ByteBuffer extra) {
        while (extra.remaining() >= 4) {
            int id = extra.getShort() & 0xffff;
            int length = extra.getShort() & 0xffff;
            if (length > extra.remaining()) {
                return;
            }
            int next = extra.position() + length;
            if (id == ZIP64_EXTRA) {
                for (int i = 0; i < values.length; i++) {
                    if (values[i] == IN_ZIP64_LONG && next - extra.position() >= 8) {
                        values[i] = extra.getLong();
                    }
                }
            }
            extra.position(next);
        }
    }

    private void check(ZipMember member) {
        boolean fits = member.storedSize() >= 0
                && member.size() >= 0
                && member.headerOffset() >= 0
                && member.headerOffset() <= file.size()
                && member.storedSize() <= file.size();
        if (!fits || member.method() == ZipMember.STORED && member.size() != member.storedSize()) {
            throw bad("the member '" + member.name() + "' has impossible sizes");
        }
        if (member.size() / MAX_EXPANSION > member.storedSize()) {
            throw bad("the member '" + member.name() + "' is said to expand from " + member.storedSize() + " to "
                    + Counted.of(member.size(), "byte") + ", more than deflate can");
        }
        if (member.size() > LARGE && member.size() / MAX_EXPANSION_OF_LARGE > member.storedSize()) {
            throw bad("the member '" + member.name() + "' expands from " + member.storedSize() + " to "
                    + Counted.of(member.size(), "byte"));
        }
    }

    private ByteBuffer read(long offset, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        file.read(offset, bytes);
        return bytes.flip().order(ByteOrder.LITTLE_ENDIAN);
    }

    private FormatException bad(String detail) {
        return FormatException.bad(path, ZipArchive.FORMAT, detail);
    }

    private FormatException unsupported(String name, String detail) {
        return FormatException.unsupported(path, ZipArchive.FORMAT, "the member '" + name + "' " + detail);
    }
}
