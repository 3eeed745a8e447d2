package io.squisher.format.hdf5;

import io.squisher.files.FileRegion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.NavigableSet;
import java.util.TreeSet;

/** A part of a file as if it were a file of its own, read-only: a model inside an archive needs no copy. */
final class RegionChannel extends FileChannel {
    private final FileRegion region;
    private final NavigableSet<Long> opaque;
    private long position;

    RegionChannel(FileRegion region) {
        this(region, new TreeSet<>());
    }

    /** As {@link OpaqueTypes} shows it. */
    RegionChannel(FileRegion region, NavigableSet<Long> opaque) {
        this.region = region;
        this.opaque = opaque;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int count = read(target, position);
        position += Math.max(0, count);
        return count;
    }

    @Override
    public int read(ByteBuffer target, long at) throws IOException {
        if (at < 0 || at >= region.size()) {
            return target.hasRemaining() ? -1 : 0;
        }
        int count = (int) Math.min(target.remaining(), region.size() - at);
        int limit = target.limit();
        int start = target.position();
        target.limit(start + count);
        region.read(at, target);
        target.limit(limit);
        for (long shown : opaque.subSet(at, at + count)) {
            target.put((int) (start + shown - at), OpaqueTypes.TEXT);
        }
        return count;
    }

    @Override
    public long read(ByteBuffer[] targets, int first, int length) throws IOException {
        long total = 0;
        for (int i = first; i < first + length; i++) {
            total += Math.max(0, read(targets[i]));
        }
        return total;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public FileChannel position(long newPosition) {
        position = newPosition;
        return this;
    }

    @Override
    public long size() {
        return region.size();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long at, long size) throws IOException {
        FileRegion part = region.slice(at, size);
        return part.channel().map(MapMode.READ_ONLY, part.offset(), size);
    }

    @Override
    public long transferTo(long at, long count, WritableByteChannel target) throws IOException {
        long there = Math.max(0, Math.min(count, region.size() - at));
        return region.channel().transferTo(region.offset() + at, there, target);
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long at, long count) {
        throw new NonWritableChannelException();
    }

    @Override
    public int write(ByteBuffer source) {
        throw new NonWritableChannelException();
    }

    @Override
    public int write(ByteBuffer source, long at) {
        throw new NonWritableChannelException();
    }

    @Override
    public long write(ByteBuffer[] sources, int first, int length) {
        throw new NonWritableChannelException();
    }

    @Override
    public FileChannel truncate(long size) {
        throw new NonWritableChannelException();
    }

    @Override
    public void force(boolean metaData) {
        // Nothing is ever written.
    }

    @Override
    public FileLock lock(long at, long size, boolean shared) {
        throw new NonWritableChannelException();
    }

    @Override
    public FileLock tryLock(long at, long size, boolean shared) {
        throw new NonWritableChannelException();
    }

    /** The file itself is its owner's to close. */
    @Override
    protected void implCloseChannel() {
        position = region.size();
    }
}
