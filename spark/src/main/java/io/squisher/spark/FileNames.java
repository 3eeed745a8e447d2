package io.squisher.spark;

import java.net.URI;

/** Spells names of files for messages. */
final class FileNames {
    private FileNames() {}

    /** A local path for {@code file:///a%20b}, the address itself for all others. */
    static String shown(String address) {
        if (address.startsWith("file:")) {
            try {
                return URI.create(address).getPath();
            } catch (IllegalArgumentException e) {
                return address;
            }
        }
        return address;
    }
}
