package io.squisher.examples.demo;

import io.squisher.apps.cli.output.Console;
import io.squisher.examples.data.LabelledImages;
import io.squisher.examples.demo.SeedResult.Method;
import io.squisher.examples.files.Folders;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/** One run for each seed, each in a folder of its own. */
record SeedRuns(LabelledImages digits, Console console) {
    DemoResult run(DemoSettings settings, LongStream seeds, Path folder) {
        SeedRun run = new SeedRun(digits, settings);
        List<SeedResult> results = seeds.mapToObj(seed -> {
                    SeedResult result = run.run(Folders.created(folder.resolve("seed-" + seed)), seed);
                    console.note(line(result));
                    return result;
                })
                .toList();
        return new DemoResult(settings, results);
    }

    private static String line(SeedResult result) {
        return String.format(
                Locale.ROOT,
                "seed %d: average %.1f %%, Fisher %.1f %%, Squisher %.1f %%",
                result.seed(),
                result.test().get(Method.AVERAGE),
                result.test().get(Method.FISHER),
                result.test().get(Method.SQUISHER));
    }
}
