package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.squisher.SquisherException;
import io.squisher.cases.SomeOf;
import io.squisher.format.onnx.OnnxWriter;
import io.squisher.onnx.data.NpzFile;
import io.squisher.onnx.fisher.graph.FisherGraph;
import io.squisher.onnx.fisher.likelihood.LikelihoodHead;
import io.squisher.proto.onnx.TensorShapeProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;

/** The written graph, run by ONNX Runtime's own interface and nothing of ours, against PyTorch's Fishers. */
class StandaloneFormTest {
    private static final String PREFIX = "squisher\\.(fisher|gradient)/";

    @TempDir
    Path folder;

    static Stream<Arguments> casesAndKinds() {
        return FisherEstimatorTest.casesAndKinds();
    }

    @ParameterizedTest
    @SomeOf("casesAndKinds")
    void anyRuntimeGetsTheSumsFromTheFile(String name, FisherKind kind) throws OrtException {
        Fixture fixture = Fixture.load(name);
        try (NpzFile data = fixture.data();
                FisherPlan plan = plan(fixture, data, kind)) {
            FisherGraph graph = plan.standalone();
            assertEquals(Map.of(), graph.singleExamples(), name);
            Path file = folder.resolve(name + ".onnx");
            OnnxWriter.write(file, graph.model());
            Map<String, double[]> sums = new LinkedHashMap<>();
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            try (OrtSession session = environment.createSession(file.toString())) {
                int count = fixture.count();
                for (int from = 0; from < count; from += 5) {
                    int rows = Math.min(5, count - from);
                    for (long pass = 0; pass < plan.passes(); pass++) {
                        run(environment, session, fed(plan, pass, from, rows), sums);
                    }
                }
            }
            boolean joint = kind instanceof FisherKind.Joint;
            Map<String, double[]> fisher = new LinkedHashMap<>();
            sums.forEach((parameter, sum) -> {
                double[] values = new double[sum.length];
                for (int i = 0; i < sum.length; i++) {
                    values[i] = (joint ? sum[i] * sum[i] : sum[i]) / fixture.count();
                }
                fisher.put(parameter, values);
            });
            RelativeError.check(name + " " + kind, fixture.reference(kind), fisher, fixture.tolerance());
        }
    }

    private static FisherPlan plan(Fixture fixture, NpzFile data, FisherKind kind) {
        return FisherPlan.of(FisherRequest.of(fixture.model(), Fixture.examples(data), fixture.likelihood(), kind));
    }

    /** Inputs and labels by the names that the file has; for the exact kind the labels of the pass, and its mask. */
    private static Map<String, Tensor> fed(FisherPlan plan, long pass, long from, int rows) {
        Map<String, Tensor> fed = new HashMap<>(plan.data().inputs(from, rows));
        if (plan.kind() instanceof FisherKind.Exact) {
            Map<String, Tensor> targets = plan.head()
                    .targetsOfPass(
                            pass,
                            plan.data()
                                    .labels(from, rows, plan.head().labelType())
                                    .orElse(null),
                            rows,
                            rows);
            fed.put("labels", targets.get(LikelihoodHead.LABELS));
            fed.put(LikelihoodHead.MASK, targets.get(LikelihoodHead.MASK));
        } else {
            fed.put(
                    "labels",
                    plan.data().labels(from, rows, plan.head().labelType()).orElseThrow());
        }
        return fed;
    }

    private static void run(
            OrtEnvironment environment, OrtSession session, Map<String, Tensor> fed, Map<String, double[]> sums)
            throws OrtException {
        Map<String, OnnxTensor> inputs = new HashMap<>();
        for (String input : session.getInputNames()) {
            inputs.put(input, tensor(environment, fed.get(input)));
        }
        try (OrtSession.Result result = session.run(inputs)) {
            result.forEach(entry -> {
                float[] batch = ((OnnxTensor) entry.getValue()).getFloatBuffer().array();
                double[] sum = sums.computeIfAbsent(
                        entry.getKey().replaceFirst(PREFIX, ""), missing -> new double[batch.length]);
                for (int i = 0; i < batch.length; i++) {
                    sum[i] += batch[i];
                }
            });
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private static OnnxTensor tensor(OrtEnvironment environment, Tensor tensor) throws OrtException {
        ByteBuffer bytes = ByteBuffer.allocateDirect((int) tensor.byteSize()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(tensor.toBytes()).flip();
        long[] dims = tensor.shape().dims();
        return tensor.type() == ElementType.I64
                ? OnnxTensor.createTensor(environment, bytes.asLongBuffer(), dims)
                : OnnxTensor.createTensor(environment, bytes.asFloatBuffer(), dims);
    }

    @Test
    void theFilesBatchAxisIsFreeAndItsOutputsAreDeclared() {
        Fixture fixture = Fixture.load("tiny_bert");
        try (NpzFile data = fixture.data();
                FisherPlan plan = plan(fixture, data, new FisherKind.Empirical())) {
            FisherGraph graph = plan.standalone();
            for (ValueInfoProto input : graph.model().getGraph().getInputList()) {
                TensorShapeProto.Dimension first =
                        input.getType().getTensorType().getShape().getDim(0);
                assertTrue(first.hasDimParam(), input.getName());
            }
            for (ValueInfoProto output : graph.model().getGraph().getOutputList()) {
                String parameter = output.getName().replaceFirst(PREFIX, "");
                List<Long> dims = output.getType().getTensorType().getShape().getDimList().stream()
                        .map(TensorShapeProto.Dimension::getDimValue)
                        .toList();
                long[] expected = plan.parameters().get(parameter).dims();
                assertEquals(java.util.Arrays.stream(expected).boxed().toList(), dims, parameter);
            }
        }
    }

    @Test
    void drawsNoLabels() {
        Fixture fixture = Fixture.load("mlp_relu");
        try (NpzFile data = fixture.data();
                FisherPlan plan = plan(fixture, data, new FisherKind.Sampled(1, 0))) {
            assertTrue(assertThrows(SquisherException.class, plan::standalone)
                    .getMessage()
                    .contains("draws no labels"));
        }
    }
}
