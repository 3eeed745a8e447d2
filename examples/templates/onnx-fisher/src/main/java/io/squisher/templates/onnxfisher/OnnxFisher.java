package io.squisher.templates.onnxfisher;

import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.data.NpzFile;
import io.squisher.onnx.fisher.FisherEstimator;
import io.squisher.onnx.fisher.FisherKind;
import io.squisher.onnx.fisher.FisherListener;
import io.squisher.onnx.fisher.FisherRequest;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The Fisher of a classifier that somebody exported to ONNX, on examples in an {@code .npz} file: arrays named after the
 * model's inputs, and {@code labels}. No training framework takes part.
 */
public final class OnnxFisher {
    private OnnxFisher() {}

    /** Arguments: the model, the examples, the file to write. */
    public static void main(String[] arguments) {
        if (arguments.length != 3) {
            System.err.println("arguments: MODEL.onnx DATA.npz OUT.safetensors");
            return;
        }
        FisherDiagonal fisher = run(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]));
        fisher.tensors()
                .forEach((name, tensor) -> System.out.printf(
                        "%-30s %-16s mean %.3g%n",
                        name,
                        tensor.shape(),
                        Arrays.stream(tensor.toDoubles()).average().orElse(0)));
    }

    /** Computes the exact Fisher (the expectation over the model's own classes), and writes it. */
    static FisherDiagonal run(Path model, Path data, Path target) {
        try (NpzFile examples = NpzFile.open(data)) {
            FisherRequest request = FisherRequest.of(
                    OnnxFile.read(model),
                    Examples.of(data.toString(), examples.arrays()),
                    new Likelihood.Categorical(-1),
                    new FisherKind.Exact());
            try (FisherEstimator estimator = new FisherEstimator(request)) {
                FisherDiagonal fisher = estimator.run(FisherListener.SILENT);
                FisherFile.write(target, fisher);
                return fisher;
            }
        }
    }
}
