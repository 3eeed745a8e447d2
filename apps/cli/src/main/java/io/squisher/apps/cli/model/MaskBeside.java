package io.squisher.apps.cli.model;

import io.squisher.apps.cli.option.Output;
import io.squisher.apps.cli.output.Console;
import io.squisher.files.AtomicFile;
import io.squisher.mask.MaskFile;
import io.squisher.tensor.Tensor;
import java.util.Map;
import java.util.Optional;

/** The mask that may go out beside a pruned model: written before it, in its place after it, so that none comes alone. */
public record MaskBeside(Optional<Output> output, Optional<AtomicFile> file) implements AutoCloseable {
    public static MaskBeside prepare(Optional<Output> output, Map<String, Tensor> masks, Map<String, String> metadata) {
        return new MaskBeside(output, output.map(target -> MaskFile.prepare(target.path(), masks, metadata)));
    }

    public void commit(Console console) {
        file.ifPresent(AtomicFile::commit);
        output.ifPresent(target -> console.print(target.wrote()));
    }

    @Override
    public void close() {
        file.ifPresent(AtomicFile::close);
    }
}
