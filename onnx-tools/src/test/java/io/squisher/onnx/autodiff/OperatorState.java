package io.squisher.onnx.autodiff;

import io.squisher.onnx.autodiff.rules.StandardRules;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What this release does with an operator of the standard, as the tables say. */
public enum OperatorState {
    /** It has a gradient rule. */
    RULE,
    /** No gradient passes it. */
    NOT_DIFFERENTIABLE,
    /** It is read as other operators or as a stored value, before rules are looked for. */
    REWRITTEN,
    /** An error says why. */
    REFUSED;

    private static final GradientRules RULES = StandardRules.all();

    /** What operators become when a file is read. */
    public static final Map<String, String> REWRITES = Map.ofEntries(
            Map.entry("Attention", "MatMul, Softmax and others"),
            Map.entry("Constant", "a stored constant"),
            Map.entry("DeformConv", "GridSample and Conv"),
            Map.entry("Dropout", "Identity; refused in training mode"),
            Map.entry("If", "its branch, where sizes or inputs that all examples share decide which"),
            Map.entry(
                    "Loop",
                    "its steps one by one, or a Scan of many steps; refused where their number depends on the examples"),
            Map.entry("RMSNormalization", "ReduceMean, Mul and others"),
            Map.entry("RotaryEmbedding", "Slice, Mul, Concat and others"),
            Map.entry("Scatter", "ScatterElements"),
            Map.entry("Swish", "Mul and Sigmoid"),
            Map.entry("Upsample", "Resize"));

    /** The standard's operators of the default domain up to opset 25, sorted. */
    public static List<String> standardOperators() {
        return List.copyOf(standardVersions().keySet());
    }

    /** The opsets at which each of the standard's operators came or changed, up to 25. */
    static SortedMap<String, List<String>> standardVersions() {
        try (InputStream list = OperatorState.class.getResourceAsStream("/operators/standard-25.txt")) {
            SortedMap<String, List<String>> versions = new TreeMap<>();
            new String(list.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(line -> {
                List<String> fields = List.of(line.split(" "));
                versions.put(fields.get(0), fields.subList(1, fields.size()));
            });
            return versions;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The state of an operator; empty if no table has it. */
    public static Optional<OperatorState> of(String operator) {
        if (RULES.differentiable().contains(operator)) {
            return Optional.of(RULE);
        }
        if (RULES.notDifferentiable().contains(operator)) {
            return Optional.of(NOT_DIFFERENTIABLE);
        }
        if (REWRITES.containsKey(operator)) {
            return Optional.of(REWRITTEN);
        }
        return RULES.refused().containsKey(operator) ? Optional.of(REFUSED) : Optional.empty();
    }

    /** Why an operator is refused. */
    public static String reason(String operator) {
        return RULES.refused().get(operator);
    }
}
