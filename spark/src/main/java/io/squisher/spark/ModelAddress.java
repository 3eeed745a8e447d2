package io.squisher.spark;

import io.squisher.SquisherException;
import io.squisher.format.onnx.ExternalData;
import io.squisher.format.onnx.OnnxFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** Opens a model from any of Hadoop's file systems: it is brought to this machine with its external data. */
final class ModelAddress {
    private ModelAddress() {}

    static OnnxFile open(String address, Configuration hadoop) {
        org.apache.hadoop.fs.Path remote = HadoopFiles.path(address, "a model");
        try {
            FileSystem system = HadoopFiles.system(remote, hadoop);
            if (HadoopFiles.isLocal(system)) {
                return OnnxFile.read(Path.of(remote.toUri().getPath()));
            }
            Path folder = TemporaryFolders.untilTheEnd("squisher-download");
            Path local = folder.resolve(remote.getName());
            system.copyToLocalFile(false, remote, local(local), true);
            OnnxFile model = OnnxFile.read(local);
            for (Path file : ExternalData.files(model)) {
                if (file.normalize().startsWith(folder)) {
                    String location = folder.relativize(file.normalize()).toString();
                    Files.createDirectories(file.getParent());
                    system.copyToLocalFile(
                            false, new org.apache.hadoop.fs.Path(remote.getParent(), location), local(file), true);
                }
            }
            return model;
        } catch (IOException e) {
            throw new SquisherException("cannot read '" + address + "': " + HadoopFiles.reason(e), e);
        }
    }

    private static org.apache.hadoop.fs.Path local(Path path) {
        return new org.apache.hadoop.fs.Path(path.toUri());
    }
}
