package io.squisher.spark;

import io.squisher.SquisherException;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.format.OutputFile;
import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A Fisher file on any of Hadoop's file systems: written beside its place and renamed, so that it is whole or not there. */
record FisherTarget(String address, Path path, FileSystem system) {
    /**
     * @throws SquisherException if nothing can be written there
     */
    static FisherTarget of(String address, Configuration hadoop) {
        Path path = HadoopFiles.path(address, "a file");
        OutputFile.requireSafetensors(java.nio.file.Path.of(path.getName()), "a Fisher");
        try {
            FileSystem system = HadoopFiles.system(path, hadoop);
            if (!HadoopFiles.isLocal(system)) {
                system.getFileStatus(parent(path, system));
            }
            return new FisherTarget(address, path, system);
        } catch (IOException e) {
            throw new SquisherException("cannot write '" + address + "': " + HadoopFiles.reason(e), e);
        }
    }

    private static Path parent(Path path, FileSystem system) {
        return path.getParent() == null ? system.getWorkingDirectory() : path.getParent();
    }

    /** The same Fisher in several files. */
    FisherShards shards() {
        return new FisherShards(system, parent(path, system), path.getName());
    }

    void write(FisherDiagonal diagonal) {
        if (HadoopFiles.isLocal(system)) {
            FisherFile.write(java.nio.file.Path.of(path.toUri().getPath()), diagonal);
            return;
        }
        java.nio.file.Path folder = TemporaryFolders.create("squisher-upload");
        try {
            java.nio.file.Path local = folder.resolve(path.getName());
            FisherFile.write(local, diagonal);
            Path beside = new Path(parent(path, system), "." + path.getName() + "." + UUID.randomUUID() + ".tmp");
            system.copyFromLocalFile(true, true, new Path(local.toUri()), beside);
            system.delete(path, false);
            if (!system.rename(beside, path)) {
                system.delete(beside, false);
                throw new SquisherException("cannot write '" + address + "': the finished file could not be renamed");
            }
        } catch (IOException e) {
            throw new SquisherException("cannot write '" + address + "': " + HadoopFiles.reason(e), e);
        } finally {
            TemporaryFolders.delete(folder);
        }
    }
}
