package io.squisher.examples.reproduce.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.examples.reproduce.running.Runs.SettingResults;
import io.squisher.examples.reproduce.setting.DiagonalCost;
import io.squisher.examples.reproduce.setting.LayerAgreement;
import io.squisher.examples.reproduce.setting.Panel;
import io.squisher.examples.reproduce.setting.Part;
import io.squisher.examples.reproduce.setting.Point;
import io.squisher.examples.reproduce.setting.Run;
import io.squisher.examples.reproduce.setting.RunResult;
import io.squisher.examples.reproduce.setting.RunResult.Outcome;
import io.squisher.examples.reproduce.setting.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReproduceMarkdownTest {
    private static final double[] NOISE = {0, 0.5, -0.5};
    private static final Part ANSWER = new Part("accuracy", "test accuracy (%)", "weights pruned (%)");
    private static final Part WHY = Part.told("weight", "all together", "");

    private record Fake() implements Setting {
        @Override
        public String name() {
            return "pruning";
        }

        @Override
        public Panel panel() {
            return Panel.PRUNING;
        }

        @Override
        public List<Part> parts() {
            return List.of(ANSWER, WHY);
        }

        @Override
        public Map<String, String> hyperparameters() {
            return Map.of();
        }

        @Override
        public double referenceSeconds() {
            return 1;
        }

        @Override
        public Outcome run(Run run) {
            throw new UnsupportedOperationException();
        }
    }

    /** Three seeds: the Fisher 2 over random at both places, up to a half, and the Squisher 3. */
    private static Summary summary() {
        List<RunResult> seeds = new ArrayList<>();
        for (int seed = 1; seed <= NOISE.length; seed++) {
            List<Point> points = new ArrayList<>();
            for (double x : new double[] {50, 90}) {
                points.add(new Point(ANSWER.name(), "random", x, 50));
                points.add(new Point(ANSWER.name(), "Fisher", x, 52 + NOISE[seed - 1]));
                points.add(new Point(ANSWER.name(), "Squisher", x, 53));
            }
            points.add(new Point(WHY.name(), "Fisher", 0.25));
            Outcome outcome = new Outcome(
                    points,
                    List.of(
                            new LayerAgreement("first/weight", 0.1, 0.1, 1),
                            new LayerAgreement("all, last pass", 0.75, 0.5, 3)),
                    List.of(new DiagonalCost(2, 1000, Double.NaN, 0.001, 54_314)),
                    Map.of());
            seeds.add(new RunResult("pruning", seed, "x", outcome, 1.5));
        }
        List<Point> tried = List.of(
                new Point("sweep", "Fisher", 10, 80),
                new Point("sweep", "Fisher", 1, 85),
                new Point("sweep", "Fisher", 0.1, 70),
                new Point("sweep", "Squisher", 1, 85),
                new Point("sweep", "Squisher", 10, 90),
                new Point("sweep", "random", 0, 90));
        RunResult choice =
                new RunResult("pruning-choice", 1001, "x", new Outcome(tried, List.of(), List.of(), Map.of()), 1);
        return new Summary(new SettingResults(new Fake(), List.of(choice), seeds));
    }

    private static List<String> lines() {
        return ReproduceMarkdown.of(List.of(summary())).lines().toList();
    }

    @Test
    void theAnswerIsATableOfDifferencesWithIntervals() {
        // Student's t with two degrees of freedom: 4.303 times 0.5/√3 is 1.24. Of three tests the Fisher's p is
        // doubled.
        assertEquals(
                "| pruning | accuracy | 50.00 ± 0.00 (random) | +2.00 [+0.76, +3.24] | 0.040 | +3.00 [+3.00, +3.00] |"
                        + " < 0.001 | +1.00 [-0.24, +2.24] | 0.074 | 3 |",
                lines().get(2));
    }

    @Test
    void saysWhereTheTwoDiffer() {
        assertTrue(
                lines().contains("| Squisher − Fisher | 1.0 ± 0.3 | 1.0 ± 0.3 | 1.00 ± 0.29 |  |  |  |"),
                lines().toString());
    }

    @Test
    void whatExplainsIsNotCompared() {
        assertTrue(lines().contains("| method | result |"), lines().toString());
        assertEquals(3, summary().comparisons().size());
    }

    @Test
    void marksTheBestThatWasTriedAndWhetherItLiesAtAnEdge() {
        assertTrue(
                lines().contains("| pruning | sweep | Fisher | 0.1: 70.00 · **1: 85.00** · 10: 80.00 | no |"),
                lines().toString());
        assertTrue(
                lines().contains("| pruning | sweep | Squisher | 1: 85.00 · **10: 90.00** | yes |"),
                lines().toString());
    }

    @Test
    void agreementIsOfWholeModels() {
        assertTrue(lines().contains("| pruning | last pass | 0.75 | 50 | 3 |"), lines().toString());
    }
}
