package io.squisher.fuzz;

import io.squisher.SquisherException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Jazzer calls: one reader, named by the first argument, on one input after the other. */
public final class FuzzTarget {
    private static FuzzedReader reader;
    private static Path folder;

    private FuzzTarget() {}

    /** Called once; the name is Jazzer's. */
    public static void fuzzerInitialize(String[] arguments) throws IOException {
        reader = FuzzedReader.valueOf(arguments[0]);
        folder = Files.createTempDirectory("squisher-fuzz");
    }

    /**
     * Called for each input; the name is Jazzer's.
     *
     * @throws RuntimeException whatever is no refusal in one line: a finding
     */
    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        Path file = reader.place(data, folder);
        if (file == null) {
            return;
        }
        reader.readings().forEach(reading -> expectOneLine(() -> reading.accept(file)));
    }

    private static void expectOneLine(Runnable reading) {
        try {
            reading.run();
        } catch (SquisherException refusal) {
            if (refusal.getMessage().lines().count() != 1) {
                throw new IllegalStateException("not one line: " + refusal.getMessage(), refusal);
            }
        }
    }
}
