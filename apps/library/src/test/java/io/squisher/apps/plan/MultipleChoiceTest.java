package io.squisher.apps.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.plan.MultipleChoice.Choice;
import io.squisher.apps.plan.MultipleChoice.Solution;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MultipleChoiceTest {
    private static long size(List<List<Choice>> items, Solution solution) {
        long sum = 0;
        for (int i = 0; i < items.size(); i++) {
            sum += items.get(i).get(solution.picks().get(i)).size();
        }
        return sum;
    }

    private static double cost(List<List<Choice>> items, Solution solution) {
        double sum = 0;
        for (int i = 0; i < items.size(); i++) {
            sum += items.get(i).get(solution.picks().get(i)).cost();
        }
        return sum;
    }

    private static double best(List<List<Choice>> items, int at, long budget) {
        if (budget < 0) {
            return Double.POSITIVE_INFINITY;
        }
        if (at == items.size()) {
            return 0;
        }
        double least = Double.POSITIVE_INFINITY;
        for (Choice choice : items.get(at)) {
            least = Math.min(least, choice.cost() + best(items, at + 1, budget - choice.size()));
        }
        return least;
    }

    private static List<List<Choice>> random(Random random, int count, int largest) {
        List<List<Choice>> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<Choice> choices = new ArrayList<>();
            for (int c = random.nextInt(4); c >= 0; c--) {
                boolean unusable = c > 0 && random.nextInt(6) == 0;
                choices.add(new Choice(
                        random.nextInt(largest), unusable ? Double.POSITIVE_INFINITY : random.nextInt(1000) / 8.0));
            }
            items.add(choices);
        }
        return items;
    }

    /** What is larger costs less, so that no state beats many others. */
    private static List<List<Choice>> trading(Random random, int count) {
        List<List<Choice>> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<Choice> choices = new ArrayList<>();
            for (int c = 0; c < 4; c++) {
                int size = random.nextInt(1_000_000);
                choices.add(new Choice(size, Math.round(4e8 / (size + 1e5)) / 8.0));
            }
            items.add(choices);
        }
        return items;
    }

    @Test
    void isAsGoodAsTheBestOfAllChoices() {
        long seed = 17;
        Random random = new Random(seed);
        int found = 0;
        for (int trial = 0; trial < 400; trial++) {
            List<List<Choice>> items = random(random, 1 + random.nextInt(6), 30);
            long budget = random.nextInt(100);
            double expected = best(items, 0, budget);
            Optional<Solution> solution = MultipleChoice.solve(items, budget);
            String what = "seed " + seed + ", trial " + trial;
            assertEquals(expected < Double.POSITIVE_INFINITY, solution.isPresent(), what);
            if (solution.isPresent()) {
                assertTrue(size(items, solution.get()) <= budget, what);
                // Multiples of 1/8, whose sums are exact.
                assertEquals(expected, cost(items, solution.get()), what);
                assertEquals(1, solution.get().unit());
                found++;
            }
        }
        assertTrue(found > 200, found + " were solvable");
    }

    @Test
    void theOrderOfTheItemsDoesNotMatter() {
        Random random = new Random(23);
        for (int trial = 0; trial < 50; trial++) {
            List<List<Choice>> items = random(random, 8, 1000);
            Optional<Solution> solution = MultipleChoice.solve(items, 3000);
            List<List<Choice>> shuffled = new ArrayList<>(items);
            Collections.shuffle(shuffled, random);
            assertEquals(
                    solution.map(found -> cost(items, found)),
                    MultipleChoice.solve(shuffled, 3000).map(found -> cost(shuffled, found)));
        }
    }

    @Test
    void aLargerBudgetIsNeverWorse() {
        List<List<Choice>> items = random(new Random(5), 10, 1000);
        double last = Double.POSITIVE_INFINITY;
        for (long budget = 0; budget < 6000; budget += 50) {
            double cost = MultipleChoice.solve(items, budget)
                    .map(found -> cost(items, found))
                    .orElse(Double.POSITIVE_INFINITY);
            assertTrue(cost <= last);
            last = cost;
        }
        assertTrue(last < Double.POSITIVE_INFINITY);
    }

    @Test
    void withTooManyStatesSizesAreRoundedUpAndTheBudgetHolds() {
        long seed = 29;
        Random random = new Random(seed);
        int coarse = 0;
        for (int trial = 0; trial < 100; trial++) {
            List<List<Choice>> items = trading(random, 7);
            long budget = 1_500_000 + random.nextInt(2_000_000);
            Optional<Solution> solution = MultipleChoice.solve(items, budget, 20);
            String what = "seed " + seed + ", trial " + trial;
            double expected = best(items, 0, budget);
            assertEquals(expected < Double.POSITIVE_INFINITY, solution.isPresent(), what);
            if (solution.isPresent()) {
                assertTrue(size(items, solution.get()) <= budget, what);
                // As good as the best within a budget that is smaller by less than a unit for each item.
                double bound = best(items, 0, budget - 7 * solution.get().unit());
                assertTrue(cost(items, solution.get()) <= bound, what);
                assertTrue(cost(items, solution.get()) >= expected, what);
                coarse += solution.get().unit() > 1 ? 1 : 0;
            }
        }
        assertTrue(coarse > 10, coarse + " were coarse");
    }

    @Test
    void whatRoundingUpWouldForbidIsStillFound() {
        // Exactly the budget: rounded up to units there would be nothing.
        List<List<Choice>> items = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            items.add(List.of(new Choice(101 + (1L << i), 5), new Choice(207 + (3L << i), 1 + 0.1 * i)));
        }
        long least = 12 * 101 + (1 << 12) - 1;
        Solution solution = MultipleChoice.solve(items, least, 4).orElseThrow();
        assertEquals(least, size(items, solution));
        assertTrue(MultipleChoice.solve(items, least - 1, 4).isEmpty());
    }
}
