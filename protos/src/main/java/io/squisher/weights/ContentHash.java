package io.squisher.weights;

import io.squisher.SquisherException;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorBytes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.zip.CRC32C;

/**
 * A short hash of named weights, the same in whatever format they are stored: the SHA-256 of one line per tensor, in the
 * order of the names, with name, element type, shape, and the CRC-32C of the little-endian bytes.
 *
 * <p>It tells models apart that were mistaken for each other, as fast as the weights can be read. It is no protection
 * against somebody who wants two models to collide.
 */
public final class ContentHash {
    private static final ThreadLocal<TensorBytes> BYTES = ThreadLocal.withInitial(TensorBytes::new);

    private ContentHash() {}

    /**
     * Hashes the tensors called {@code names}.
     *
     * @return 64 hexadecimal digits
     */
    public static String of(Collection<String> names, Function<String, Tensor> tensors) {
        List<String> all = List.copyOf(names);
        List<Long> checksums = TensorBytes.forEach(all.stream().map(tensors).toList(), ContentHash::checksum);
        Map<String, Long> byName = new HashMap<>();
        for (int i = 0; i < all.size(); i++) {
            byName.put(all.get(i), checksums.get(i));
        }
        return of(names, tensors, byName::get);
    }

    private static long checksum(Tensor tensor) {
        CRC32C checksum = new CRC32C();
        BYTES.get().forEachPiece(tensor, checksum::update);
        return checksum.getValue();
    }

    /** As {@link #of(Collection, Function)}, where the CRC-32C of each tensor's bytes is known already. */
    public static String of(
            Collection<String> names, Function<String, Tensor> tensors, ToLongFunction<String> checksums) {
        MessageDigest digest = sha256();
        for (String name : new TreeSet<>(names)) {
            Tensor tensor = tensors.apply(name);
            String line = name
                    + '\t'
                    + tensor.type()
                    + '\t'
                    + tensor.shape()
                    + '\t'
                    + Long.toHexString(checksums.applyAsLong(name))
                    + '\n';
            digest.update(line.getBytes(StandardCharsets.UTF_8));
        }
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
