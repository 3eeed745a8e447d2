package io.squisher.format.safetensors;

import io.squisher.SquisherException;
import io.squisher.files.AtomicFile;
import io.squisher.files.FormatException;
import io.squisher.tensor.ChecksummedTensor;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import io.squisher.weights.Replacement;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model in several safetensors files that several processes write, each some of them, on one file system. Who finishes the last
 * one writes the index: as long as there is none, there is no model. An index that was there goes before anything is written.
 *
 * <p>The division depends on the tensors and the number of files alone, so the processes agree without talking. Each file says in
 * its metadata ({@value #KEY}) what the whole model is, by the first elements of each tensor; files of an earlier model under the same names
 * count as missing.
 */
public final class DividedModel {
    /** Metadata key of a file's model. */
    static final String KEY = "squisher.divided";

    private static final int LOOKED_AT = 1024;

    private final Path index;
    private final Map<String, Tensor> tensors;
    private final Map<String, String> metadata;
    private final List<Map<String, Tensor>> files;

    private DividedModel(
            Path index, Map<String, Tensor> tensors, Map<String, String> metadata, List<Map<String, Tensor>> files) {
        this.index = index;
        this.tensors = tensors;
        this.metadata = metadata;
        this.files = files;
    }

    /**
     * A model like {@code template}.
     *
     * @param index where the index goes: it ends in {@code .safetensors.index.json}, the files stand beside it
     * @param replaced the tensors that are others, by name
     * @param count into how many files it is divided
     * @throws SquisherException if the name is another, or the model has fewer tensors than that
     */
    public static DividedModel of(
            Path index, WeightSource template, Map<String, Tensor> replaced, Map<String, String> more, int count) {
        if (!ShardedSafetensorsFormat.isIndex(index)) {
            throw new SquisherException("cannot write '" + index + "' in parts: a model in several files has an index,"
                    + " whose name ends in " + ShardedSafetensorsFormat.SUFFIX);
        }
        Map<String, Tensor> tensors = Replacement.in(template, replaced);
        if (count > tensors.size()) {
            throw new SquisherException("'" + template.path() + "' has " + tensors.size() + " tensors, fewer than "
                    + count + " files; divide it into at most " + tensors.size());
        }
        Map<String, String> metadata = new LinkedHashMap<>(template.metadata());
        metadata.putAll(more);
        metadata.put(KEY, identity(tensors));
        return new DividedModel(index, tensors, metadata, divide(tensors, count));
    }

    /**
     * Writes some of the files, each whole or not at all, and the index once all files are there.
     *
     * @return whether they are, and the index was written
     */
    public boolean write(ShardRange range) {
        try {
            Files.deleteIfExists(index);
        } catch (IOException e) {
            throw FormatException.unwritable(index, e);
        }
        for (int number = range.first(); number <= range.last(); number++) {
            SafetensorsWriter.write(file(number), files.get(number - 1), metadata);
        }
        for (int number = 1; number <= files.size(); number++) {
            if (!isThere(number)) {
                return false;
            }
        }
        Map<String, String> fileOf = new LinkedHashMap<>();
        for (int number = 1; number <= files.size(); number++) {
            String name = file(number).getFileName().toString();
            files.get(number - 1).keySet().forEach(tensor -> fileOf.put(tensor, name));
        }
        AtomicFile.write(
                index, ShardedSafetensorsWriter.indexOf(tensors, fileOf).getBytes(StandardCharsets.UTF_8));
        return true;
    }

    private Path file(int number) {
        return ShardedSafetensorsWriter.file(index, number, files.size());
    }

    private boolean isThere(int number) {
        Path path = file(number);
        if (!Files.exists(path)) {
            return false;
        }
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            return metadata.get(KEY).equals(file.metadata().get(KEY))
                    && file.tensors().keySet().equals(files.get(number - 1).keySet());
        } catch (FormatException e) {
            return false;
        }
    }

    /** Files of about the same size, each with a tensor at least. */
    private static List<Map<String, Tensor>> divide(Map<String, Tensor> tensors, int count) {
        long total = tensors.values().stream().mapToLong(Tensor::byteSize).sum();
        List<Map<String, Tensor>> files = new ArrayList<>(List.of(new LinkedHashMap<>()));
        long before = 0;
        int left = tensors.size();
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            long middle = before + entry.getValue().byteSize() / 2;
            boolean full = (double) middle * count >= (double) total * files.size();
            boolean needed = left <= count - files.size();
            boolean empty = files.get(files.size() - 1).isEmpty();
            if (!empty && files.size() < count && (full || needed)) {
                files.add(new LinkedHashMap<>());
            }
            files.get(files.size() - 1).put(entry.getKey(), entry.getValue());
            before += entry.getValue().byteSize();
            left--;
        }
        return files;
    }

    private static String identity(Map<String, Tensor> tensors) {
        MessageDigest digest = sha256();
        tensors.forEach((name, tensor) -> {
            digest.update((name + '\t' + TensorSpec.of(tensor) + '\n').getBytes(StandardCharsets.UTF_8));
            int bytes = (int) Math.min(LOOKED_AT, tensor.size()) * tensor.type().bytes();
            ByteBuffer start = ByteBuffer.allocate(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN);
            (tensor instanceof ChecksummedTensor stored ? stored.unverified() : tensor).readBytes(0, start);
            digest.update(start.flip());
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new SquisherException("this Java runtime lacks SHA-256", e);
        }
    }
}
