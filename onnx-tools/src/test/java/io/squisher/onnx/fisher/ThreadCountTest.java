package io.squisher.onnx.fisher;

import io.squisher.onnx.runtime.Device;
import io.squisher.onnx.runtime.RuntimeSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ThreadCountTest {
    @Test
    void theFisherDoesNotDependOnThreads() {
        Fixture fixture = Fixture.load("lenet_cnn");
        FisherKind kind = new FisherKind.Empirical();
        Map<String, double[]> one = Estimation.of(fixture, kind, request -> request.withRuntime(threads(1)));
        Map<String, double[]> two = Estimation.of(fixture, kind, request -> request.withRuntime(threads(2)));
        RelativeError.check("2 threads against 1", one, two, 1e-5);
    }

    private static RuntimeSettings threads(int count) {
        return new RuntimeSettings(new Device.Cpu(), count, notice -> {});
    }
}
