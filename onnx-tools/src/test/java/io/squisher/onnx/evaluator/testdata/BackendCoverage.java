package io.squisher.onnx.evaluator.testdata;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** What became of the backend cases, by case and by operator. Safe for use by several threads. */
public final class BackendCoverage {
    private final Map<String, String> outcomes = new TreeMap<>();
    private final Map<String, Counts> operators = new TreeMap<>();

    /** What can become of a case. */
    public enum Outcome {
        PASSED,
        FAILED,
        UNSUPPORTED
    }

    /** Numbers of cases. */
    public record Counts(int passed, int failed, int unsupported) {
        Counts plus(Outcome outcome) {
            return switch (outcome) {
                case PASSED -> new Counts(passed + 1, failed, unsupported);
                case FAILED -> new Counts(passed, failed + 1, unsupported);
                case UNSUPPORTED -> new Counts(passed, failed, unsupported + 1);
            };
        }
    }

    /**
     * Notes a case.
     *
     * @param name {@code group/name}
     * @param nodes the operators of its model
     * @param reason why it did not pass
     */
    public synchronized void add(String name, Collection<String> nodes, Outcome outcome, String reason) {
        outcomes.put(name, outcome == Outcome.PASSED ? "passed" : outcome + ": " + reason);
        Counts none = new Counts(0, 0, 0);
        nodes.forEach(operator -> operators.merge(operator, none.plus(outcome), (old, one) -> old.plus(outcome)));
    }

    /** The numbers by operator: a case counts for each operator in it. */
    public synchronized Map<String, Counts> byOperator() {
        return new TreeMap<>(operators);
    }

    /** As {@code 950 of 1072 cases passed}. */
    public synchronized String summary() {
        long passed = outcomes.values().stream().filter("passed"::equals).count();
        return passed + " of " + outcomes.size() + " cases passed";
    }

    /** A line for each operator and one for each case that did not pass. */
    public synchronized String report() {
        StringBuilder report = new StringBuilder(summary()).append("\n\noperator passed failed unsupported\n");
        operators.forEach((operator, counts) -> report.append(operator)
                .append(' ')
                .append(counts.passed())
                .append(' ')
                .append(counts.failed())
                .append(' ')
                .append(counts.unsupported())
                .append('\n'));
        report.append('\n');
        outcomes.forEach((name, outcome) -> {
            if (!outcome.equals("passed")) {
                report.append(name).append(' ').append(outcome).append('\n');
            }
        });
        return report.toString();
    }
}
