package io.squisher.format.safetensors;

import io.squisher.SquisherException;
import io.squisher.files.AtomicFile;
import io.squisher.internal.gson.stream.JsonWriter;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorBytes;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a safetensors file atomically, streaming the tensors through one kept buffer. */
public final class SafetensorsWriter {
    private SafetensorsWriter() {}

    /**
     * Writes {@code tensors} with {@code metadata} to {@code path}; an existing file is replaced only once the new one
     * is complete on disk. Tensors with wider elements come first, which keeps each aligned; otherwise the order holds.
     */
    public static void write(Path path, Map<String, Tensor> tensors, Map<String, String> metadata) {
        try (AtomicFile file = prepare(path, tensors, metadata)) {
            file.commit();
        }
    }

    /** Writes under a temporary name; who commits the file puts it in its place. */
    public static AtomicFile prepare(Path path, Map<String, Tensor> tensors, Map<String, String> metadata) {
        AtomicFile file = AtomicFile.create(path);
        try {
            append(file, path, tensors, metadata);
            file.complete();
            return file;
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Writes header and tensors into {@code file}, which becomes {@code path} when the caller commits it. */
    static void append(AtomicFile file, Path path, Map<String, Tensor> tensors, Map<String, String> metadata) {
        if (tensors.containsKey(SafetensorsHeader.METADATA_KEY)) {
            throw new SquisherException("cannot write '" + path + "': no tensor may be called "
                    + SafetensorsHeader.METADATA_KEY + " in a safetensors file; rename it");
        }
        List<Map.Entry<String, Tensor>> ordered = new ArrayList<>(tensors.entrySet());
        ordered.sort(Comparator.comparingInt(e -> -e.getValue().type().bytes()));
        byte[] header = header(ordered, metadata);
        ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        length.putLong(0, header.length);
        file.append(length);
        file.append(ByteBuffer.wrap(header));
        TensorBytes bytes = new TensorBytes();
        for (Map.Entry<String, Tensor> entry : ordered) {
            bytes.forEachPiece(entry.getValue(), file::append);
        }
    }

    private static byte[] header(List<Map.Entry<String, Tensor>> tensors, Map<String, String> metadata) {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.beginObject();
            if (!metadata.isEmpty()) {
                json.name(SafetensorsHeader.METADATA_KEY).beginObject();
                for (Map.Entry<String, String> entry : new LinkedHashMap<>(metadata).entrySet()) {
                    json.name(entry.getKey()).value(entry.getValue());
                }
                json.endObject();
            }
            long at = 0;
            for (Map.Entry<String, Tensor> entry : tensors) {
                Tensor tensor = entry.getValue();
                json.name(entry.getKey()).beginObject();
                json.name("dtype").value(tensor.type().name());
                json.name("shape").beginArray();
                for (long dim : tensor.shape().dims()) {
                    json.value(dim);
                }
                json.endArray();
                json.name("data_offsets").beginArray().value(at);
                at = Math.addExact(at, tensor.byteSize());
                json.value(at).endArray();
                json.endObject();
            }
            json.endObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] unpadded = text.toString().getBytes(StandardCharsets.UTF_8);
        byte[] padded = new byte[(unpadded.length + 7) / 8 * 8];
        System.arraycopy(unpadded, 0, padded, 0, unpadded.length);
        java.util.Arrays.fill(padded, unpadded.length, padded.length, (byte) ' ');
        return padded;
    }
}
