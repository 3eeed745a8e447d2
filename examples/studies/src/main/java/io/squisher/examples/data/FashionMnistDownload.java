package io.squisher.examples.data;

import io.squisher.SquisherException;
import io.squisher.files.AtomicFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * Fetches the four files of Fashion-MNIST. What is compared with the checksums is the files' content, since mirrors compress
 * it anew.
 */
public final class FashionMnistDownload {
    /** Where its authors publish it. */
    public static final URI AUTHORS =
            URI.create("https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/");

    private static final Map<String, String> SHA_256 = Map.of(
            "train-images-idx3-ubyte", "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
            "train-labels-idx1-ubyte", "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
            "t10k-images-idx3-ubyte", "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
            "t10k-labels-idx1-ubyte", "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34");

    private static final int MOST_COMPRESSED = 64 << 20;
    private static final int MOST_PLAIN = 64 << 20;
    private static final int TIMEOUT_MILLISECONDS = 30_000;

    private FashionMnistDownload() {}

    /**
     * Fetches what is not there yet.
     *
     * @param source a folder's URL, ending with a slash
     * @throws SquisherException if a file cannot be fetched, or its content is another
     */
    public static void fetch(URI source, Path folder) {
        for (String part : FashionMnist.PARTS) {
            for (String name : FashionMnist.files(part)) {
                Path target = folder.resolve(name + ".gz");
                if (!Files.exists(target)) {
                    fetch(source.resolve(name + ".gz"), name, target);
                }
            }
        }
    }

    private static void fetch(URI source, String name, Path target) {
        byte[] compressed;
        String seen;
        try {
            URLConnection connection = source.toURL().openConnection();
            connection.setConnectTimeout(TIMEOUT_MILLISECONDS);
            connection.setReadTimeout(TIMEOUT_MILLISECONDS);
            try (InputStream in = connection.getInputStream()) {
                compressed = in.readNBytes(MOST_COMPRESSED);
            }
            try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
                seen = HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(in.readNBytes(MOST_PLAIN)));
            }
            Files.createDirectories(target.getParent());
        } catch (IOException e) {
            throw new SquisherException(
                    "cannot download '" + source + "': " + e
                            + "; fetch the files by hand and give their folder with --data",
                    e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        if (!seen.equals(SHA_256.get(name))) {
            throw new SquisherException("'" + source + "' is not the file of Fashion-MNIST: SHA-256 of its content "
                    + SHA_256.get(name) + " expected, " + seen + " seen");
        }
        AtomicFile.write(target, compressed);
    }
}
