package io.squisher.onnx.autodiff;

import io.squisher.onnx.evaluator.testdata.OfficialCases;
import io.squisher.onnx.evaluator.testdata.RuntimeCases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What became of a case when all were run last: a line of {@code case-outcomes.tsv}, to which a test holds them.
 *
 * @param name as {@code node/test_relu}, or {@code own/…}
 * @param operators what the model is made of, {@code domain:Name} outside the default domain
 * @param reason why a limited case is not covered; else empty
 */
record RecordedCase(String name, CheckedCase.Status status, Set<String> operators, String reason) {
    private static final Path FILE = Path.of("src/test/resources/operators/case-outcomes.tsv");

    static RecordedCase of(CheckedCase result) {
        return new RecordedCase(result.name(), result.status(), result.operators(), result.detail());
    }

    /** All recorded cases by name. */
    static Map<String, RecordedCase> all() {
        try {
            Map<String, RecordedCase> all = new TreeMap<>();
            Files.readAllLines(FILE).stream().map(RecordedCase::read).forEach(line -> all.put(line.name, line));
            return all;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs all cases and records what becomes of them. */
    static Map<String, RecordedCase> recordAll() throws IOException {
        Map<String, RecordedCase> all = new TreeMap<>();
        Stream.concat(
                        OfficialCases.folders().stream().map(CheckedCase::check),
                        RuntimeCases.all().map(CheckedCase::check))
                .map(RecordedCase::of)
                .forEach(line -> all.put(line.name, line));
        Files.writeString(
                FILE, all.values().stream().map(line -> line.line() + "\n").collect(Collectors.joining()));
        return all;
    }

    boolean official() {
        return !name.startsWith("own/");
    }

    private String line() {
        return String.join("\t", name, status.name(), String.join(",", operators), reason.replace('\n', ' '));
    }

    private static RecordedCase read(String line) {
        String[] fields = line.split("\t", -1);
        return new RecordedCase(
                fields[0],
                CheckedCase.Status.valueOf(fields[1]),
                new TreeSet<>(Set.of(fields[2].split(","))),
                fields[3]);
    }
}
