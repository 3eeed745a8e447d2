package io.squisher.spark;

import io.squisher.SquisherException;
import io.squisher.internal.gson.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A Fisher in several files that executors write, and their index. An older index goes before the first file gets its name, and the
 * new one comes last: whoever looks in between finds no Fisher rather than a mixed one.
 */
final class FisherShards implements AutoCloseable {
    private static final String SUFFIX = ".safetensors";

    private final FileSystem system;
    private final Path folder;
    private final String stem;
    private final String temporary;

    FisherShards(FileSystem system, Path folder, String name) {
        this.system = system;
        this.folder = folder;
        this.stem = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
        this.temporary = "." + stem + "." + UUID.randomUUID() + "-";
    }

    /** With what the addresses of files begin that have no name yet. */
    String partPrefix() {
        return new Path(system.makeQualified(folder), temporary).toString();
    }

    /** Has the files written, gives them their names, and writes the index. */
    void write(SumsJob job, ShardRecipe recipe) {
        List<ShardRecipe.Written> written = new ArrayList<>(job.reduced(recipe));
        written.sort(Comparator.comparingInt(ShardRecipe.Written::reducer));
        Path index = new Path(folder, stem + SUFFIX + ".index.json");
        JsonObject map = new JsonObject();
        long total = 0;
        try {
            system.delete(index, false);
            for (int i = 0; i < written.size(); i++) {
                String name = String.format(Locale.ROOT, "%s-%05d-of-%05d%s", stem, i + 1, written.size(), SUFFIX);
                rename(new Path(written.get(i).address()), new Path(folder, name));
                for (var tensor : written.get(i).tensors().entrySet()) {
                    map.addProperty(tensor.getKey(), name);
                    total += tensor.getValue();
                }
            }
            JsonObject sizes = new JsonObject();
            sizes.addProperty("total_size", total);
            JsonObject whole = new JsonObject();
            whole.add("metadata", sizes);
            whole.add("weight_map", map);
            Path beside = new Path(folder, temporary + "index.tmp");
            try (OutputStream stream = system.create(beside, true)) {
                stream.write(whole.toString().getBytes(StandardCharsets.UTF_8));
            }
            rename(beside, index);
        } catch (IOException e) {
            throw new SquisherException("cannot write '" + index + "': " + HadoopFiles.reason(e), e);
        }
    }

    private void rename(Path from, Path to) throws IOException {
        system.delete(to, false);
        if (!system.rename(from, to)) {
            throw new IOException("the finished file '" + from + "' could not be renamed to '" + to + "'");
        }
    }

    @Override
    public void close() {
        HadoopFiles.tidyUp(system, folder, temporary, folder.toString());
    }
}
