package io.squisher.onnx.autodiff;

import io.squisher.onnx.autodiff.CheckedCase.Status;
import io.squisher.onnx.autodiff.rules.StandardRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Writes {@code docs/operators.md} from the tables and from what became of all cases: what the suite does with each
 * operator of the standard, on what evidence, and why where it does nothing.
 */
public final class OperatorsPage {
    static final Path FILE = Path.of("../docs/operators.md");

    private final Collection<RecordedCase> cases;

    private OperatorsPage(Collection<RecordedCase> cases) {
        this.cases = cases;
    }

    /** Runs all cases, records them and writes the page. */
    static void record() throws IOException {
        Files.writeString(FILE, text(RecordedCase.recordAll().values()));
    }

    /** The page as the tables have it now. */
    static String text(Collection<RecordedCase> cases) {
        OperatorsPage page = new OperatorsPage(cases);
        return page.introduction() + page.standard() + page.others() + page.uncovered();
    }

    private String introduction() {
        return """
                # Operators

                What becomes of each operator when a model is differentiated. Files of opset 1 to 25 are read; every operator is raised
                to opset 21 first, so that a rule covers all of an operator's versions.

                The evidence is the ONNX project's own backend test data (Debian package `libonnx-testdata`, opset 17): %d cases with
                stored outputs. A case passes when our forward gives these outputs and the gradient with respect to every
                floating-point input equals central differences of an evaluator in double precision; at a kink the gradient lies
                between the slopes of both sides. %d pass, %d have no floating-point input and so no gradient, and %d are not covered,
                each for a reason that is given below. What that data lacks (newer operators, other modes, operators of ONNX
                Runtime) has %d cases of our own, of which %d pass; there the outputs are the evaluator's. Besides,
                random shapes and attributes are drawn for each family of operators in `onnx-tools`' tests.

                This page is written by `OperatorsPage` in these tests from the tables in the code and the recorded outcome of every
                case. Tests hold the page to both, and each case to what is recorded.
                """.formatted(
                        count(RecordedCase::official),
                        count(line -> line.official() && line.status() == Status.PASSED),
                        count(line -> line.official() && line.status() == Status.WITHOUT_GRADIENT),
                        count(line -> line.official() && line.status() == Status.LIMITED),
                        count(line -> !line.official()),
                        count(line -> !line.official() && line.status() == Status.PASSED));
    }

    private long count(Predicate<RecordedCase> which) {
        return cases.stream().filter(which).count();
    }

    private String standard() {
        StringBuilder table = new StringBuilder("""

                ## The standard's operators

                *opsets*: at which the operator came or changed. *passed*, *none*, *limited*: official cases that contain the operator
                and pass, have no gradient, or are not covered (for whichever operator in them). *own*: cases of ours that pass.

                | operator | state | opsets | passed | none | limited | own | remark |
                | --- | --- | --- | ---: | ---: | ---: | ---: | --- |
                """);
        OperatorState.standardVersions()
                .forEach((operator, versions) -> table.append(
                        row(operator, name(OperatorState.of(operator).orElseThrow()), versions, remark(operator))));
        return table.toString();
    }

    private static String remark(String operator) {
        return switch (OperatorState.of(operator).orElseThrow()) {
            case RULE -> "";
            case NOT_DIFFERENTIABLE -> "no gradient passes";
            case REWRITTEN -> "read as " + OperatorState.REWRITES.get(operator);
            case REFUSED -> StandardRules.all().refused().get(operator);
        };
    }

    private String row(String operator, String state, List<String> versions, String remark) {
        return "| %s | %s | %s | %s | %s | %s | %s | %s |\n"
                .formatted(
                        operator,
                        state,
                        String.join(", ", versions),
                        number(operator, true, Status.PASSED),
                        number(operator, true, Status.WITHOUT_GRADIENT),
                        number(operator, true, Status.LIMITED),
                        number(operator, false, Status.PASSED),
                        remark.replace("|", "\\|"));
    }

    private String number(String operator, boolean official, Status status) {
        long number = count(
                line -> line.operators().contains(operator) && line.official() == official && line.status() == status);
        return number == 0 ? "" : Long.toString(number);
    }

    private String others() {
        StringBuilder table = new StringBuilder("""

                ## Operators of ONNX Runtime

                What its optimizer leaves in files (domain `com.microsoft`) is read as operators of the standard. Quantized
                operators, and files saved in the layouts of one machine (`com.microsoft.nchwc`), are refused with the way out.

                | operator | own cases passed |
                | --- | ---: |
                """);
        new TreeSet<>(io.squisher.onnx.reading.fused.FusedAdapters.ofMicrosoft())
                .forEach(operator -> table.append("| %s | %s |\n"
                        .formatted(operator, number("com.microsoft:" + operator, false, Status.PASSED))));
        return table.toString();
    }

    private String uncovered() {
        Map<String, List<String>> byReason = cases.stream()
                .filter(line -> line.official() && line.status() == Status.LIMITED)
                .collect(Collectors.groupingBy(
                        RecordedCase::reason,
                        TreeMap::new,
                        Collectors.mapping(RecordedCase::name, Collectors.toList())));
        StringBuilder table = new StringBuilder("""

                ## Official cases that are not covered

                | cases | reason | which |
                | ---: | --- | --- |
                """);
        byReason.forEach((reason, names) ->
                table.append("| %d | %s | %s |\n".formatted(names.size(), reason, String.join(" ", names))));
        return table.toString();
    }

    private static String name(OperatorState state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
