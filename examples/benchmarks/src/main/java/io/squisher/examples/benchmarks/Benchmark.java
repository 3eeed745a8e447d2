package io.squisher.examples.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The benchmarks that {@code squisher benchmark} runs. Each is a program of its own that prints JSON: memory is then that of one
 * benchmark, and what one compiles does not help the next.
 */
enum Benchmark {
    FISHER_M1(FisherBenchmark.class, "the Fisher of a perceptron beside its forward pass", "M1"),
    FISHER_M2(FisherBenchmark.class, "the Fisher of five convolutions beside their forward pass", "M2"),
    FISHER_M3(FisherBenchmark.class, "the Fisher of ResNet-18 beside its forward pass", "M3"),
    FISHER_M4(FisherBenchmark.class, "the Fisher of a BERT-like encoder beside its forward pass", "M4"),
    FISHER_GPT2(
            FisherBenchmark.class,
            "the Fisher of a decoder of 124 million parameters: minutes, and gigabytes of memory",
            "GPT2",
            "rounds=2"),
    OPERATORS(OperatorBenchmark.class, "gradients of recurrent and attention operators"),
    CONVERT(ConvertBenchmark.class, "convert beside a plain copy of as many bytes"),
    MERGE(MergeBenchmark.class, "a merge beside reading and writing as many bytes"),
    THRESHOLD(ThresholdBenchmark.class, "the threshold of 50 million scores beside reading them", "millions=50"),
    HOOK(HookBenchmark.class, "a training step with and without the hook"),
    SAVE(SaveBenchmark.class, "saving a Squisher beside a plain write of as many bytes");

    private final Class<?> program;
    private final String summary;
    private final List<String> arguments;

    Benchmark(Class<?> program, String summary, String... arguments) {
        this.program = program;
        this.summary = summary;
        this.arguments = List.of(arguments);
    }

    /** Those that run where none is named: all but one that takes minutes. */
    static List<Benchmark> usual() {
        return Arrays.stream(values())
                .filter(benchmark -> benchmark != FISHER_GPT2)
                .toList();
    }

    static List<String> words() {
        return Arrays.stream(values()).map(Benchmark::word).toList();
    }

    /** The name on the command line: {@code fisher-m1}. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String program() {
        return program.getName();
    }

    String summary() {
        return summary;
    }

    /** The largest heap of its process, in Java's words. */
    String heap() {
        return this == FISHER_GPT2 ? "3g" : "1g";
    }

    List<String> arguments() {
        return arguments;
    }
}
