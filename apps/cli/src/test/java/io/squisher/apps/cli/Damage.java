package io.squisher.apps.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What can be wrong with a file that a command is given. */
enum Damage {
    MISSING {
        @Override
        void inflict(byte[] sound, Path file) {
            // There is no file.
        }
    },
    A_FOLDER {
        @Override
        void inflict(byte[] sound, Path file) throws IOException {
            Files.createDirectory(file);
        }
    },
    EMPTY {
        @Override
        void inflict(byte[] sound, Path file) throws IOException {
            Files.write(file, new byte[0]);
        }
    },
    A_TEXT {
        @Override
        void inflict(byte[] sound, Path file) throws IOException {
            Files.writeString(file, "This is not a model.\n");
        }
    },
    HALF {
        @Override
        void inflict(byte[] sound, Path file) throws IOException {
            Files.write(file, Arrays.copyOf(sound, sound.length / 2));
        }
    },
    LONGEST_HEADER {
        @Override
        void inflict(byte[] sound, Path file) throws IOException {
            byte[] changed = sound.clone();
            Arrays.fill(changed, 0, Math.min(16, changed.length), (byte) 0xff);
            Files.write(file, changed);
        }
    },
    ANOTHER_FORMAT {
        @Override
        void inflict(byte[] sound, Path file) throws IOException {
            Files.write(file, "PK\3\4\0\0 not much of an archive".getBytes(StandardCharsets.ISO_8859_1));
        }
    };

    /** Writes {@code file} as a damaged version of {@code sound}. */
    abstract void inflict(byte[] sound, Path file) throws IOException;
}
