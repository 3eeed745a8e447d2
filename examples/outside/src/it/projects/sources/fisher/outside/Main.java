package outside;

import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.format.WeightFormats;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.data.NpzFile;
import io.squisher.onnx.fisher.FisherEstimator;
import io.squisher.onnx.fisher.FisherKind;
import io.squisher.onnx.fisher.FisherListener;
import io.squisher.onnx.fisher.FisherRequest;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;

/**
 * The exact Fisher of a small network, compared with the fixture, and the weights of a Keras file. Arguments: the folder to
 * write to, the fixtures, the Keras file.
 */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        Path fixture = Path.of(arguments[1], "mlp_relu");
        Path output = Path.of(arguments[0], "fisher.safetensors");
        try (NpzFile data = NpzFile.open(fixture.resolve("data.npz"))) {
            FisherRequest request = FisherRequest.of(
                    OnnxFile.read(fixture.resolve("model.onnx")),
                    Examples.of("data.npz", data.arrays()),
                    new Likelihood.Categorical(-1),
                    new FisherKind.Exact());
            try (FisherEstimator estimator = new FisherEstimator(request)) {
                FisherFile.write(output, estimator.run(FisherListener.SILENT));
            }
        }
        FisherDiagonal expected = FisherFile.open(fixture.resolve("fisher_exact.safetensors")).diagonal();
        FisherDiagonal computed = FisherFile.open(output).diagonal();
        for (String name : expected.names()) {
            compare(name, expected.tensor(name).toDoubles(), computed.tensor(name).toDoubles());
        }
        System.out.println("the Fisher of " + expected.names());
        try (WeightSource keras = WeightFormats.open(Path.of(arguments[2]))) {
            System.out.println("the weights " + keras.names());
        }
    }

    private static void compare(String name, double[] expected, double[] computed) {
        for (int i = 0; i < expected.length; i++) {
            if (Math.abs(computed[i] - expected[i]) > 1e-3 * Math.abs(expected[i]) + 1e-12) {
                throw new IllegalStateException(name + " " + i + ": " + expected[i] + " and " + computed[i]);
            }
        }
    }
}
