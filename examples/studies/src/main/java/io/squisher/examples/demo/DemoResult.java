package io.squisher.examples.demo;

import io.squisher.examples.demo.SeedResult.Method;
import io.squisher.examples.statistics.PairedTest;
import io.squisher.examples.statistics.Sample;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** All seeds' results, and their summaries. */
record DemoResult(DemoSettings settings, List<SeedResult> seeds) {
    /** Accuracy on all ten classes of the test images, percent. */
    Sample test(Method method) {
        return Sample.of(seeds.stream().map(seed -> seed.test().get(method)).toList());
    }

    /** The same on validation images. */
    Sample validation(Method method) {
        return Sample.of(
                seeds.stream().map(seed -> seed.validation().get(method)).toList());
    }

    /** How much better a merge is than the average, seed by seed. */
    PairedTest overAverage(Method method) {
        return PairedTest.of(test(method), test(Method.AVERAGE));
    }

    /** A number of each fine-tuned model: two for every seed. */
    Sample ofModels(ToDoubleFunction<FineTuned> number) {
        return Sample.of(seeds.stream()
                .flatMap(seed -> seed.models().stream())
                .map(number::applyAsDouble)
                .toList());
    }

    /** The parameters' names. */
    Set<String> parameters() {
        return seeds.get(0).models().get(0).agreement().tensors().keySet();
    }
}
