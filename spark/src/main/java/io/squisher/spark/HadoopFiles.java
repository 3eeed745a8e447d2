package io.squisher.spark;

import io.squisher.SquisherException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** Addresses of Hadoop's file systems, and what goes wrong there, in words. */
final class HadoopFiles {
    private HadoopFiles() {}

    /**
     * @param what it is the address of
     * @throws SquisherException if it is none
     */
    static Path path(String address, String what) {
        try {
            return new Path(address);
        } catch (IllegalArgumentException e) {
            throw new SquisherException("'" + address + "' is no address of " + what + ": " + reason(e), e);
        }
    }

    /** The file system of a path; of this machine's, the one that writes no checksums beside files. */
    static FileSystem system(Path path, Configuration hadoop) throws IOException {
        FileSystem system = path.getFileSystem(hadoop);
        return system instanceof LocalFileSystem local ? local.getRaw() : system;
    }

    static boolean isLocal(FileSystem system) {
        return system instanceof RawLocalFileSystem;
    }

    /**
     * Removes what attempts left behind that did not count: the files of a folder whose names begin so.
     *
     * @param called the folder in messages
     */
    static void tidyUp(FileSystem system, Path folder, String temporary, String called) {
        try {
            for (FileStatus file :
                    system.listStatus(folder, path -> path.getName().startsWith(temporary))) {
                system.delete(file.getPath(), false);
            }
        } catch (IOException e) {
            throw new SquisherException("cannot tidy up '" + called + "': " + reason(e), e);
        }
    }

    /** The first line of what Hadoop says. */
    static String reason(Exception failure) {
        String message = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        return message.lines().findFirst().orElse(message);
    }
}
