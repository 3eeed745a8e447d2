package io.squisher.apps;

import io.squisher.apps.plan.NamedFisher;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.format.WeightFormats;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.proto.Provenance;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Real fixture files of the class path, and small models with numbers to compute by hand. */
public final class Fixtures {
    private Fixtures() {}

    /** A file below the fixtures' folder, such as {@code lenet_cnn/model.onnx}. */
    public static Path path(String name) {
        try {
            return Path.of(Fixtures.class.getResource("/fixtures/" + name).toURI());
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A vector in float64. */
    public static Tensor vector(double... values) {
        return Tensor.of(Shape.of(values.length), values);
    }

    /** A vector in float32. */
    public static Tensor floats(float... values) {
        return Tensor.of(Shape.of(values.length), values);
    }

    /** Writes tensors to a safetensors file and opens it as a model. */
    public static WeightSource model(Path file, Map<String, Tensor> tensors) {
        SafetensorsWriter.write(file, new LinkedHashMap<>(tensors), Map.of());
        return WeightFormats.open(file);
    }

    /** A diagonal of the mean empirical Fisher, called {@code label}. */
    public static NamedFisher fisher(String label, Map<String, Tensor> tensors) {
        Provenance provenance =
                Provenance.newBuilder().setKind(Provenance.Kind.EMPIRICAL).build();
        return new NamedFisher(label, new FisherDiagonal(tensors, provenance));
    }
}
