package io.squisher.onnx.autodiff;

import io.squisher.onnx.autodiff.rules.StandardRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Writes {@code docs/operators.md} from the tables: what becomes of each operator of the standard. */
public final class OperatorsPage {
    static final Path FILE = Path.of("../docs/operators.md");

    private OperatorsPage() {}

    public static void main(String[] arguments) throws IOException {
        Files.writeString(FILE, text());
    }

    /** The page as the tables have it now. */
    static String text() {
        StringBuilder page = new StringBuilder("""
                # Operators

                What becomes of each operator of ONNX's default domain up to opset 23 when a model is differentiated. Files of opset 1
                to 23 are read; every operator is raised to opset 21 first. Written from the tables in the code by `OperatorsPage` in the
                tests of `onnx-tools`; a test holds it to them.

                | operator | state | remark |
                | --- | --- | --- |
                """);
        Map<String, String> refused = StandardRules.all().refused();
        for (String operator : OperatorState.standardOperators()) {
            OperatorState state = OperatorState.of(operator).orElseThrow();
            String remark =
                    switch (state) {
                        case RULE -> "";
                        case NOT_DIFFERENTIABLE -> "no gradient passes";
                        case REWRITTEN -> "read as " + OperatorState.REWRITES.get(operator);
                        case REFUSED -> refused.get(operator);
                    };
            page.append("| ")
                    .append(operator)
                    .append(" | ")
                    .append(name(state))
                    .append(" | ")
                    .append(remark.replace("|", "\\|"))
                    .append(" |\n");
        }
        return page.toString();
    }

    private static String name(OperatorState state) {
        return state.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
}
