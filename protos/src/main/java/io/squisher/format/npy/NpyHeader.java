package io.squisher.format.npy;

import io.squisher.SquisherException;
import io.squisher.files.FormatException;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header of an npy array: magic {@code \x93NUMPY}, two version bytes, the little-endian length of a Python
 * dictionary literal with {@code descr}, {@code fortran_order} and {@code shape}.
 *
 * @param length bytes before the first element
 */
public record NpyHeader(ElementType type, Shape shape, int length) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int MAX_LENGTH = 1 << 20;
    private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([^)]*)\\)");
    private static final Map<String, ElementType> TYPES = Map.ofEntries(
            Map.entry("b1", ElementType.BOOL),
            Map.entry("u1", ElementType.U8),
            Map.entry("i1", ElementType.I8),
            Map.entry("u2", ElementType.U16),
            Map.entry("i2", ElementType.I16),
            Map.entry("u4", ElementType.U32),
            Map.entry("i4", ElementType.I32),
            Map.entry("u8", ElementType.U64),
            Map.entry("i8", ElementType.I64),
            Map.entry("f2", ElementType.F16),
            Map.entry("f4", ElementType.F32),
            Map.entry("f8", ElementType.F64));

    /** Reads the header at the start of {@code stream}. */
    public static NpyHeader read(Path file, String array, InputStream stream) throws IOException {
        DataInputStream input = new DataInputStream(stream);
        byte[] start = input.readNBytes(8);
        if (start.length < 8 || !Arrays.equals(start, 0, 6, MAGIC, 0, 6)) {
            throw bad(file, array, "it does not start as an npy array");
        }
        int lengthBytes = start[6] == 1 ? 2 : 4;
        byte[] encoded = input.readNBytes(lengthBytes);
        int length = 0;
        for (int i = encoded.length - 1; i >= 0; i--) {
            length = length << 8 | encoded[i] & 0xff;
        }
        if (length < 0 || length > MAX_LENGTH) {
            throw bad(file, array, "its header has " + Integer.toUnsignedString(length) + " bytes");
        }
        byte[] text = input.readNBytes(length);
        if (text.length < length) {
            throw bad(file, array, "its header is truncated");
        }
        String dictionary = new String(text, StandardCharsets.ISO_8859_1);
        if (find(file, array, ORDER, dictionary).equals("True")) {
            throw FormatException.unsupported(
                    file,
                    "npz file",
                    "array '" + array + "' is in Fortran order; save numpy.ascontiguousarray(" + array + ")");
        }
        ElementType type = type(file, array, find(file, array, DESCR, dictionary));
        Shape shape = shape(file, array, find(file, array, SHAPE, dictionary));
        return new NpyHeader(type, shape, 8 + lengthBytes + length);
    }

    private static ElementType type(Path file, String array, String descr) {
        boolean littleEndian = !descr.startsWith(">");
        ElementType type = TYPES.get(descr.replaceFirst("^[<>|=]", ""));
        if (type == null || !littleEndian && type.bytes() > 1) {
            throw FormatException.unsupported(
                    file,
                    "npz file",
                    "array '" + array + "' has the element type '" + descr
                            + "'; little-endian integers, floats and booleans are read");
        }
        return type;
    }

    private static Shape shape(Path file, String array, String dims) {
        try {
            return Shape.of(Arrays.stream(dims.split(","))
                    .map(String::strip)
                    .filter(dim -> !dim.isEmpty())
                    .mapToLong(Long::parseLong)
                    .toArray());
        } catch (IllegalArgumentException e) {
            throw bad(file, array, "its shape is (" + dims + ")");
        }
    }

    /** How numpy writes an element type, little-endian. */
    static String descr(ElementType type) {
        return TYPES.entrySet().stream()
                .filter(entry -> entry.getValue() == type)
                .map(entry -> (type.bytes() == 1 ? "|" : "<") + entry.getKey())
                .findFirst()
                .orElseThrow(() -> new SquisherException("numpy has no element type like " + type));
    }

    private static String find(Path file, String array, Pattern pattern, String dictionary) {
        Matcher matcher = pattern.matcher(dictionary);
        if (!matcher.find()) {
            throw bad(file, array, "its header lacks " + pattern.pattern().substring(0, 8));
        }
        return matcher.group(1);
    }

    private static FormatException bad(Path file, String array, String detail) {
        return FormatException.bad(file, "npz file", "array '" + array + "': " + detail);
    }
}
