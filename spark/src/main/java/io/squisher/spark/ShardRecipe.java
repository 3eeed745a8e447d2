package io.squisher.spark;

import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.onnx.fisher.FisherSums;
import io.squisher.proto.Sums;
import io.squisher.tensor.Shape;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.deploy.SparkHadoopUtil;
import scala.Tuple2;

/**
 * How a reducer makes a file of its sums: through a temporary file of its machine to one under a name of its own attempt. Who
 * has all of them gives them their names.
 *
 * @param dims the parameters' shapes
 * @param header of all sums
 * @param prefix of the files' addresses
 */
record ShardRecipe(BlockTable table, LinkedHashMap<String, long[]> dims, Sums header, String prefix)
        implements FlatMapFunction<Iterator<Tuple2<String, byte[]>>, ShardRecipe.Written>, Serializable {
    /**
     * A file that was written.
     *
     * @param reducer whose it is
     * @param tensors the bytes of each
     */
    record Written(int reducer, String address, LinkedHashMap<String, Long> tensors) implements Serializable {}

    @Override
    public Iterator<Written> call(Iterator<Tuple2<String, byte[]>> blocks) throws IOException {
        int reducer = TaskContext.getPartitionId();
        BlockTable own = table.of(reducer);
        if (reducer == 0 || own.names().isEmpty()) {
            return Collections.emptyIterator();
        }
        try (SumsSpool spool = new SumsSpool(own)) {
            while (blocks.hasNext()) {
                Tuple2<String, byte[]> block = blocks.next();
                BlockKey key = BlockKey.parse(block._1());
                spool.write(own.names().indexOf(table.names().get(key.tensor())), key.block(), block._2());
            }
            Map<String, Shape> shapes = new LinkedHashMap<>();
            own.names().forEach(name -> shapes.put(name, Shape.of(dims.get(name))));
            FisherDiagonal diagonal =
                    FisherSums.of(headerOf(own.names()), spool.tensors(shapes)).toDiagonal();
            return List.of(write(reducer, diagonal)).iterator();
        }
    }

    /** The part of the header that is of some parameters. */
    private Sums headerOf(List<String> names) {
        Sums.Builder part = header.toBuilder().clearTies().clearRoles().clearSpread();
        List<String> all = new ArrayList<>(names);
        header.getTiesList().stream()
                .filter(tie -> names.contains(tie.getOriginal()))
                .forEach(tie -> {
                    part.addTies(tie);
                    all.add(tie.getName());
                });
        header.getRolesMap().forEach((name, role) -> {
            if (all.contains(name)) {
                part.putRoles(name, role);
            }
        });
        header.getSpreadMap().forEach((name, spread) -> {
            if (names.contains(name)) {
                part.putSpread(name, spread);
            }
        });
        return part.build();
    }

    private Written write(int reducer, FisherDiagonal diagonal) throws IOException {
        java.nio.file.Path folder = TemporaryFolders.create("squisher-shard");
        try {
            java.nio.file.Path local = folder.resolve("part.safetensors");
            FisherFile.write(local, diagonal);
            Path target = new Path(prefix + reducer + "-" + TaskContext.get().taskAttemptId() + ".tmp");
            Configuration hadoop = SparkHadoopUtil.get().conf();
            FileSystem system = HadoopFiles.system(target, hadoop);
            system.copyFromLocalFile(true, true, new Path(local.toUri()), target);
            LinkedHashMap<String, Long> bytes = new LinkedHashMap<>();
            diagonal.tensors().forEach((name, tensor) -> bytes.put(name, tensor.byteSize()));
            return new Written(reducer, target.toString(), bytes);
        } finally {
            TemporaryFolders.delete(folder);
        }
    }
}
