package io.squisher.spark;

import io.squisher.SquisherException;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A folder for one Fisher file of each group. No file gets its name before all are written. */
final class GroupTarget implements AutoCloseable {
    private final String address;
    private final Path folder;
    private final FileSystem system;
    private final String temporary = ".squisher." + UUID.randomUUID() + "-";

    /**
     * @throws SquisherException if the folder cannot be made
     */
    GroupTarget(String address, Configuration hadoop) {
        this.address = address;
        this.folder = HadoopFiles.path(address, "a folder");
        try {
            system = HadoopFiles.system(folder, hadoop);
            system.mkdirs(folder);
        } catch (IOException e) {
            throw new SquisherException("cannot write to '" + address + "': " + HadoopFiles.reason(e), e);
        }
    }

    /** With what the addresses of files begin that have no name yet. */
    String partPrefix() {
        return new Path(system.makeQualified(folder), temporary).toString();
    }

    /** A group's name as one of a file: letters, digits and a few signs as they are, others as {@code %2F}. */
    static String fileName(String group) {
        String encoded = URLEncoder.encode(group, StandardCharsets.UTF_8).replace("+", "%20");
        return (encoded.startsWith(".") ? "%2E" + encoded.substring(1) : encoded) + ".safetensors";
    }

    /** Gives the files their names: by group, how many examples it has. */
    Map<String, Long> name(List<GroupFishers.Written> written) {
        Map<String, Long> counts = new TreeMap<>();
        for (GroupFishers.Written file : written) {
            Path target = new Path(folder, fileName(file.group()));
            try {
                system.delete(target, false);
                if (!system.rename(new Path(file.address()), target)) {
                    throw new IOException("the finished file could not be renamed");
                }
            } catch (IOException e) {
                throw new SquisherException("cannot write '" + target + "': " + HadoopFiles.reason(e), e);
            }
            counts.put(file.group(), file.examples());
        }
        return counts;
    }

    @Override
    public void close() {
        HadoopFiles.tidyUp(system, folder, temporary, address);
    }
}
