package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.TestModel;
import io.squisher.onnx.runtime.Device;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Ends of models, each a few nodes behind the logits {@code z}, written as {@code Operator inputs > output} between
 * semicolons. Scalars are {@code 0}, {@code 1}, {@code -1} and {@code eps}, the vectors of axes {@code first} and {@code last}.
 */
class LogitFormsTest {
    private static final int EXAMPLES = 4;

    private static TestModel model(int outputs, String end) {
        double[] weights = new double[2 * outputs];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = Math.sin(1 + 3 * i);
        }
        TestModel model = TestModel.opset(18)
                .input("x", Value.floats(new int[] {1, 2}, 0, 0), -1, 2)
                .initializer("W", Value.floats(new int[] {2, outputs}, weights))
                .initializer("0", Value.floats(new int[0], 0))
                .initializer("1", Value.floats(new int[0], 1))
                .initializer("-1", Value.floats(new int[0], -1))
                .initializer("2", Value.floats(new int[0], 2))
                .initializer("half", Value.floats(new int[0], 0.5))
                .initializer("eps", Value.floats(new int[0], 1e-8))
                .initializer("last", Value.ints(new int[] {1}, -1))
                .initializer("ones", Value.ints(new int[] {1}, 1))
                .initializer("two", Value.ints(new int[] {1}, 2))
                .node("MatMul", "x,W", "z");
        for (String node : end.split(";")) {
            String[] words = node.strip().split("[ >]+");
            Attributes attributes = words.length > 3
                    ? Attributes.NONE.with(words[3].split("=")[0], Long.parseLong(words[3].split("=")[1]))
                    : Attributes.NONE;
            model.node(words[0], words[1], words[2], attributes);
        }
        return model.outputs("y");
    }

    private static FisherRequest request(TestModel model, Likelihood likelihood) {
        float[] x = new float[2 * EXAMPLES];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) Math.cos(2 * i);
        }
        return FisherRequest.of(
                new OnnxFile(Path.of("m.onnx"), model.build()),
                Examples.of("d.npz", Map.of("x", Tensor.of(Shape.of(EXAMPLES, 2), x))),
                likelihood,
                new FisherKind.Exact());
    }

    private static void sameAsOfLogits(int outputs, String end, Likelihood likelihood) {
        FisherRequest request = request(model(outputs, end), likelihood);
        Map<String, double[]> expected = Estimation.of(request.withOutput("z").withOutputsAreLogits());
        RelativeError.check(end, expected, Estimation.of(request), 1e-4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Softmax z > p; Log p > y",
                "Softmax z > p; Add p,eps > q; Log q > y",
                "LogSoftmax z > l; Exp l > y",
                "LogSoftmax z > y",
                "ReduceLogSumExp z,last > s; Sub z,s > y",
                "ReduceLogSumExp z,last > s; Sub z,s > l; Exp l > y",
                "Exp z > e; ReduceSum e,last > s; Reciprocal s > r; Mul r,e > y",
                "Exp z > e; ReduceSum e,last > s; Log s > t; Sub z,t > y",
                "Exp z > e; ReduceSum e,last > s keepdims=0; Unsqueeze s,last > t; Div e,t > y",
                "Exp z > e; ReduceSum e,last > s; Add s,eps > t; Div e,t > y",
                "ReduceMax z,last > m; Sub z,m > d; Exp d > e; ReduceSum e,last > s; Log s > t; Sub d,t > y",
                "Softmax z > p; ReduceSum p,last > s; Div p,s > y",
                "Softmax z > p; Mul p,1 > q; Add q,0 > y",
            })
    void aSoftmaxIsKnownInEveryForm(String end) {
        sameAsOfLogits(3, end, new Likelihood.Categorical(-1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sigmoid z > p; Log p > y",
                "Neg z > n; Exp n > e; Add 1,e > s; Div 1,s > y",
                "Mul z,-1 > n; Exp n > e; Add e,1 > s; Reciprocal s > y",
                "Exp z > e; Add e,1 > s; Div e,s > y",
                "Neg z > n; Softplus n > s; Neg s > y",
                "Neg z > n; Sigmoid n > q; Sub 1,q > y",
                "Sigmoid z > p; Neg p > n; Add n,1 > q; Sub 1,q > y",
                "Neg z > n; Exp n > e; Add e,1 > s; Pow s,-1 > y",
                "Mul z,half > h; Tanh h > t; Mul t,half > s; Add s,half > y",
                "Mul z,half > h; Tanh h > t; Add t,1 > s; Mul s,half > y",
            })
    void aSigmoidIsKnownInEveryForm(String end) {
        sameAsOfLogits(3, end, new Likelihood.Bernoulli());
    }

    /** Two classes with the logits 0 and z have the exact Fisher of one yes/no output. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sigmoid z > p; Sub 1,p > q; Concat q,p > y axis=1",
                "Sigmoid z > p; Sub 1,p > q; Concat p,q > y axis=-1",
                "Sigmoid z > p; Sub 1,p > q; Unsqueeze q,two > u; Unsqueeze p,two > v; Concat u,v > w axis=2;"
                        + " Squeeze w,ones > y",
                "Sigmoid z > p; Unsqueeze p,two > v; Sub 1,v > u; Concat u,v > w axis=2; Squeeze w,ones > y",
            })
    void aProbabilityAndItsComplementAreTwoClasses(String end) {
        Map<String, double[]> expected = Estimation.of(request(model(1, end), new Likelihood.Bernoulli())
                .withOutput("z")
                .withOutputsAreLogits());
        Map<String, double[]> actual = Estimation.of(request(model(1, end), new Likelihood.Categorical(-1)));
        RelativeError.check(end, expected, actual, 1e-4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "categorical | Sigmoid z > y                              | --likelihood bernoulli",
                "bernoulli   | Softmax z > y                              | --likelihood categorical",
                "bernoulli   | LogSoftmax z > y                           | --likelihood categorical",
                "categorical | Unsqueeze z,two > u; Softmax u > y axis=1  | normalises over axis 1",
                "categorical | Softmax z > p; Gather p,last > y axis=1    | takes a part of the classes",
                "categorical | Softmax z > p; Clip p,half,1 > y           | cuts values off",
                "categorical | Softmax z > p; Concat p,z > y axis=1       | puts classes together",
                "bernoulli   | Sigmoid z > p; Concat p,z > y axis=1       | puts it together with other values",
                "categorical | Softmax z > p; Sub 1,p > y                 | is 1 less a probability",
                "categorical | Softmax z > p; Softmax x > q; Add p,p > r; Mul r,half > y | sum to 1 at every position",
                "bernoulli   | Sigmoid z > p; Mul p,p > y                 | lie within [0, 1]",
                "bernoulli   | HardSigmoid z > y                          | lie within [0, 1]",
                "categorical | HardSigmoid z > y                          | lie within [0, 1]",
            })
    void whatCannotBeTakenBackIsRefusedWithTheWayOut(String likelihood, String end, String explanation) {
        Likelihood given = likelihood.equals("bernoulli") ? new Likelihood.Bernoulli() : new Likelihood.Categorical(-1);
        FisherRequest request = request(model(3, end), given);
        SquisherException refused = assertThrows(SquisherException.class, () -> Estimation.of(request));
        assertTrue(refused.getMessage().contains(explanation), refused.getMessage());
        assertTrue(refused.getMessage().contains("--output"), refused.getMessage());
        assertTrue(refused.getMessage().contains("--outputs-are-logits"), refused.getMessage());
        assertEquals(1, Estimation.of(request.withOutput("z")).size());
    }

    @Test
    void aSingleClassIsNoLikelihood() {
        SquisherException refused = assertThrows(
                SquisherException.class,
                () -> Estimation.of(request(model(1, "Identity z > y"), new Likelihood.Categorical(-1))));
        assertTrue(refused.getMessage().contains("--likelihood gaussian"), refused.getMessage());
    }

    /** A linear layer gives anything; that its few numbers are positive and small is chance, and the user is told. */
    @Test
    void logitsThatLieBetween0And1ByChanceAreTaken() {
        List<String> notices = new ArrayList<>();
        FisherRequest request = request(model(1, "Identity z > y"), new Likelihood.Bernoulli());
        Tensor x = Tensor.of(Shape.of(1, 2), 0.3f, 0.1f);
        FisherRequest one = FisherRequest.of(
                        request.model(), Examples.of("d.npz", Map.of("x", x)), request.likelihood(), request.kind())
                .withRuntime(new RuntimeSettings(new Device.Cpu(), 0, notices::add));
        assertEquals(1, Estimation.of(one).size());
        assertTrue(notices.toString().contains("might hold probabilities"), notices.toString());
    }

    @Test
    void logProbabilitiesAreLogitsOfClasses() {
        String renormalised = "ReduceLogSumExp z,last > s; Sub z,s > l; Softmax l > p; Log p > y";
        sameAsOfLogits(3, renormalised, new Likelihood.Categorical(-1));
    }
}
