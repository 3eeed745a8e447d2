package io.squisher.examples.reproduce.setting;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The beginning of a text's SHA-256, by which stored results are told apart. */
public final class ShortHash {
    private ShortHash() {}

    /**
     * The hash of a text.
     *
     * @param letters how many hexadecimal digits of it, up to 64
     */
    public static String of(String text, int letters) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, letters);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
