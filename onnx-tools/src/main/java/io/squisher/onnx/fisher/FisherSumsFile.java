package io.squisher.onnx.fisher;

import io.squisher.files.FormatException;
import io.squisher.files.Opening;
import io.squisher.format.safetensors.SafetensorsFile;
import io.squisher.internal.protobuf.InvalidProtocolBufferException;
import io.squisher.proto.Sums;
import java.nio.file.Path;
import java.util.Map;

/**
 * {@link FisherSums} on disk: a safetensors file with a float64 tensor for each parameter, and in its metadata {@value #KEY}, the
 * header as JSON.
 */
public final class FisherSumsFile implements AutoCloseable {
    /** Metadata key of the header. */
    public static final String KEY = "squisher.sums";

    private static final String FORMAT = "file of Fisher sums";

    private final SafetensorsFile file;
    private final FisherSums sums;

    private FisherSumsFile(SafetensorsFile file, FisherSums sums) {
        this.file = file;
        this.sums = sums;
    }

    /**
     * Opens a file and checks all but the numbers.
     *
     * @throws FormatException if it is missing, damaged, of a newer version, or holds no sums
     */
    public static FisherSumsFile open(Path path) {
        try (Opening opening = new Opening()) {
            SafetensorsFile file = opening.add(SafetensorsFile.open(path));
            String json = file.metadata().get(KEY);
            if (json == null) {
                throw FormatException.notA(
                        path,
                        FORMAT,
                        "it has no metadata " + KEY,
                        "squisher fisher MODEL.onnx --data D.npz --shard 1/4 -o part-1.sums writes one");
            }
            Sums header = header(path, json);
            SumsHeaders.problem(header, file.tensors()).ifPresent(problem -> {
                throw FormatException.bad(path, FORMAT, KEY + ": " + problem);
            });
            return opening.keep(new FisherSumsFile(file, FisherSums.of(header, file.tensors())));
        }
    }

    private static Sums header(Path path, String json) {
        Sums header;
        try {
            header = SumsHeaders.parse(json);
        } catch (InvalidProtocolBufferException e) {
            throw FormatException.bad(path, FORMAT, KEY + ": " + FormatException.firstLine(e));
        }
        if (header.getFormatVersion() > SumsHeaders.FORMAT_VERSION) {
            throw FormatException.unsupported(
                    path,
                    FORMAT,
                    "format version " + header.getFormatVersion() + ", this release reads up to "
                            + SumsHeaders.FORMAT_VERSION);
        }
        return header;
    }

    /** The sums; their numbers are readable until {@link #close()}. */
    public FisherSums sums() {
        return sums;
    }

    public Path path() {
        return file.path();
    }

    /** All metadata of the file. */
    public Map<String, String> metadata() {
        return file.metadata();
    }

    @Override
    public void close() {
        file.close();
    }
}
