package io.squisher.format.safetensors;

import io.squisher.Counted;
import io.squisher.files.FormatException;
import io.squisher.internal.gson.JsonParseException;
import io.squisher.internal.gson.Strictness;
import io.squisher.internal.gson.stream.JsonReader;
import io.squisher.internal.gson.stream.JsonToken;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The checked JSON header.
 *
 * @param dataStart file position of the first byte after the header
 * @param entries the tensors in the header's order; offsets count from {@code dataStart}
 */
record SafetensorsHeader(long dataStart, Map<String, Entry> entries, Map<String, String> metadata) {
    /** The format's own limit. */
    static final long MAX_HEADER_BYTES = 100_000_000;

    static final String METADATA_KEY = "__metadata__";

    record Entry(ElementType type, Shape shape, long begin, long end) {}

    static SafetensorsHeader read(Path path, FileChannel channel) throws IOException {
        long fileSize = channel.size();
        if (fileSize < 8) {
            throw notSafetensors(path, "the file has " + Counted.of(fileSize, "byte") + ", the header alone needs 8");
        }
        ByteBuffer prefix = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        readFully(channel, prefix, 0);
        long length = prefix.getLong(0);
        if (length < 2 || length > MAX_HEADER_BYTES) {
            throw notSafetensors(
                    path,
                    "the first 8 bytes give a header of " + Long.toUnsignedString(length) + " bytes, 2 to "
                            + MAX_HEADER_BYTES + " are possible");
        }
        ByteBuffer json = ByteBuffer.allocate((int) Math.min(length, fileSize - 8));
        readFully(channel, json, 8);
        if (json.capacity() > 0 && json.get(0) != '{') {
            throw notSafetensors(path, "the header at 0x8 does not start with '{'");
        }
        if (length > fileSize - 8) {
            throw bad(
                    path,
                    "truncated: the header needs " + Counted.of(length, "byte") + ", " + (fileSize - 8) + " are left");
        }
        SafetensorsHeader header = parse(path, json.array(), 8 + length);
        header.checkLayout(path, fileSize);
        return header;
    }

    private static void readFully(FileChannel channel, ByteBuffer target, long position) throws IOException {
        while (target.hasRemaining()) {
            int count = channel.read(target, position + target.position());
            if (count < 0) {
                throw new EOFException("unexpected end of file");
            }
        }
    }

    private static SafetensorsHeader parse(Path path, byte[] json, long dataStart) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        // A decoder of its own, since the default one replaces bytes that are no UTF-8 and so changes names.
        Reader text = new InputStreamReader(new ByteArrayInputStream(json), StandardCharsets.UTF_8.newDecoder());
        try (JsonReader reader = new JsonReader(text)) {
            reader.setStrictness(Strictness.STRICT);
            reader.beginObject();
            while (reader.hasNext()) {
                String name = reader.nextName();
                if (name.equals(METADATA_KEY)) {
                    readMetadata(path, reader, metadata);
                } else if (entries.put(name, readEntry(path, name, reader)) != null) {
                    throw bad(path, "the tensor '" + name + "' is listed twice");
                }
            }
            reader.endObject();
            // In strict mode looking on refuses text after the object.
            reader.peek();
        } catch (CharacterCodingException e) {
            throw bad(path, "the header is not UTF-8");
        } catch (IOException | JsonParseException | IllegalStateException | NumberFormatException e) {
            throw bad(path, "malformed JSON header: " + FormatException.firstLine(e));
        }
        return new SafetensorsHeader(dataStart, entries, metadata);
    }

    private static void readMetadata(Path path, JsonReader reader, Map<String, String> metadata) throws IOException {
        reader.beginObject();
        while (reader.hasNext()) {
            String key = reader.nextName();
            if (reader.peek() != JsonToken.STRING) {
                throw bad(path, "the metadata '" + key + "' is not a string");
            }
            if (metadata.put(key, reader.nextString()) != null) {
                throw bad(path, "the metadata '" + key + "' is given twice");
            }
        }
        reader.endObject();
    }

    private static Entry readEntry(Path path, String name, JsonReader reader) throws IOException {
        String type = null;
        List<Long> dims = null;
        List<Long> offsets = null;
        reader.beginObject();
        Set<String> seen = new HashSet<>();
        while (reader.hasNext()) {
            String key = reader.nextName();
            if (!seen.add(key)) {
                throw bad(path, "the tensor '" + name + "' has two entries " + key);
            }
            switch (key) {
                case "dtype" -> type = reader.nextString();
                case "shape" -> dims = readLongs(reader);
                case "data_offsets" -> offsets = readLongs(reader);
                default -> reader.skipValue();
            }
        }
        reader.endObject();
        if (type == null || dims == null || offsets == null || offsets.size() != 2) {
            throw bad(path, "the tensor '" + name + "' lacks dtype, shape or two data_offsets");
        }
        try {
            Shape shape = Shape.of(dims.stream().mapToLong(Long::longValue).toArray());
            return new Entry(elementType(path, name, type), shape, offsets.get(0), offsets.get(1));
        } catch (IllegalArgumentException e) {
            throw bad(path, "tensor '" + name + "': " + e.getMessage());
        }
    }

    private static ElementType elementType(Path path, String name, String type) {
        for (ElementType candidate : ElementType.values()) {
            if (candidate.name().equals(type)) {
                return candidate;
            }
        }
        throw FormatException.unsupported(
                path, SafetensorsFile.FORMAT, "tensor '" + name + "' has the element type " + type);
    }

    private static List<Long> readLongs(JsonReader reader) throws IOException {
        List<Long> values = new ArrayList<>();
        reader.beginArray();
        while (reader.hasNext()) {
            if (reader.peek() != JsonToken.NUMBER) {
                throw new NumberFormatException("a number was expected at " + reader.getPath());
            }
            values.add(reader.nextLong());
        }
        reader.endArray();
        return values;
    }

    /** No tensor outside the file, no overlap, no hole, and each as long as its shape says. */
    private void checkLayout(Path path, long fileSize) {
        List<Map.Entry<String, Entry>> inOrder = new ArrayList<>(entries.entrySet());
        inOrder.sort(Comparator.comparingLong(
                        (Map.Entry<String, Entry> e) -> e.getValue().begin())
                .thenComparingLong(e -> e.getValue().end()));
        long at = 0;
        for (Map.Entry<String, Entry> named : inOrder) {
            Entry entry = named.getValue();
            String tensor = "tensor '" + named.getKey() + "'";
            if (entry.begin() != at) {
                throw bad(path, tensor + " starts at offset " + entry.begin() + ", expected " + at);
            }
            long bytes = entry.shape().size() * entry.type().bytes();
            if (entry.end() - entry.begin() != bytes) {
                throw bad(
                        path,
                        tensor + " of " + entry.type() + entry.shape() + " needs " + Counted.of(bytes, "byte")
                                + ", its offsets give " + (entry.end() - entry.begin()));
            }
            at = entry.end();
            if (at > fileSize - dataStart) {
                throw bad(
                        path,
                        "truncated: " + tensor + " ends at 0x" + Long.toHexString(dataStart + at) + ", the file at 0x"
                                + Long.toHexString(fileSize));
            }
        }
        if (dataStart + at < fileSize) {
            throw bad(path, Counted.of(fileSize - dataStart - at, "byte") + " after the last tensor");
        }
    }

    private static FormatException notSafetensors(Path path, String detail) {
        return FormatException.notA(path, SafetensorsFile.FORMAT, detail);
    }

    private static FormatException bad(Path path, String detail) {
        return FormatException.bad(path, SafetensorsFile.FORMAT, detail);
    }
}
