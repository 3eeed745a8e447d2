package io.squisher;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of this build, as it is written into files and printed by {@code squisher --version}. */
public final class Version {
    private static final String TEXT = read();

    private Version() {}

    /** The version alone: {@code 1.2.3}. */
    public static String text() {
        return TEXT;
    }

    private static String read() {
        Properties properties = new Properties();
        try (InputStream stream = Version.class.getResourceAsStream("build.properties")) {
            properties.load(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }
}
