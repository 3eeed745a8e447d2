package io.squisher.apps.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One choice for each item, so that the cost is least and the size within a budget: the multiple-choice knapsack, solved by
 * dynamic programming over the items. A state is a size with the least cost that reaches it; states that another one beats in
 * both are dropped (Nemhauser and Ullmann 1969), which loses nothing, so that the solution is the best one.
 *
 * <p>Sizes are exact unless more than {@value #MOST_STATES} states would have to be kept. Then they are rounded up to multiples
 * of a unit, by which the number of states is bounded; the budget holds all the same, and the cost is the best one for sizes that
 * are larger by less than a unit each.
 */
public final class MultipleChoice {
    /** Three megabytes of states for each item. */
    static final int MOST_STATES = 1 << 17;

    private MultipleChoice() {}

    /**
     * A choice.
     *
     * @param size 0 or more
     * @param cost 0 or more; a choice of infinite cost is never taken
     */
    public record Choice(long size, double cost) {}

    /**
     * What was chosen.
     *
     * @param picks for each item the index of its choice
     * @param unit that sizes were rounded up to; 1 if they are exact
     */
    public record Solution(List<Integer> picks, long unit) {}

    /** The best choices; empty if even the smallest are beyond the budget. */
    public static Optional<Solution> solve(List<List<Choice>> items, long budget) {
        return solve(items, budget, MOST_STATES);
    }

    static Optional<Solution> solve(List<List<Choice>> items, long budget, int mostStates) {
        Optional<Solution> exact = new Attempt(items, budget, 1, mostStates).run();
        // One state for each multiple of the unit is below the bound, so that the second attempt ends.
        if (exact.isPresent() || !isFeasible(items, budget)) {
            return exact;
        }
        long unit = budget / (mostStates - 2) + 1;
        return new Attempt(items, budget, unit, Integer.MAX_VALUE).run().or(() -> Optional.of(smallest(items, unit)));
    }

    /** Where rounding up leaves no room for even the smallest choices, those are what there is. */
    private static Solution smallest(List<List<Choice>> items, long unit) {
        List<Integer> picks = new ArrayList<>();
        for (List<Choice> item : items) {
            int best = -1;
            for (int i = 0; i < item.size(); i++) {
                Choice choice = item.get(i);
                if (choice.cost < Double.POSITIVE_INFINITY && (best < 0 || choice.size < item.get(best).size)) {
                    best = i;
                }
            }
            picks.add(best);
        }
        return new Solution(picks, unit);
    }

    private static boolean isFeasible(List<List<Choice>> items, long budget) {
        long least = 0;
        for (List<Choice> item : items) {
            long smallest = smallest(item);
            if (smallest == Long.MAX_VALUE) {
                return false;
            }
            least += smallest;
        }
        return least <= budget;
    }

    private static long smallest(List<Choice> item) {
        return item.stream()
                .filter(choice -> choice.cost < Double.POSITIVE_INFINITY)
                .mapToLong(Choice::size)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** States in ascending order of size, and so in descending order of cost. */
    private static final class Frontier {
        long[] sizes = new long[64];
        double[] costs = new double[64];
        int[] parents = new int[64];
        int[] picks = new int[64];
        int count;

        void add(long size, double cost, int parent, int pick) {
            if (count == sizes.length) {
                int larger = count * 2;
                sizes = Arrays.copyOf(sizes, larger);
                costs = Arrays.copyOf(costs, larger);
                parents = Arrays.copyOf(parents, larger);
                picks = Arrays.copyOf(picks, larger);
            }
            sizes[count] = size;
            costs[count] = cost;
            parents[count] = parent;
            picks[count++] = pick;
        }
    }

    private static final class Attempt {
        private final List<List<Choice>> items;
        private final long budget;
        private final long unit;
        private final int mostStates;

        Attempt(List<List<Choice>> items, long budget, long unit, int mostStates) {
            this.items = items;
            this.budget = budget;
            this.unit = unit;
            this.mostStates = mostStates;
        }

        Optional<Solution> run() {
            long rest = 0;
            for (List<Choice> item : items) {
                long least = smallest(item);
                if (least == Long.MAX_VALUE) {
                    return Optional.empty();
                }
                rest += rounded(least);
            }
            List<Frontier> frontiers = new ArrayList<>();
            Frontier last = new Frontier();
            last.add(0, 0, 0, 0);
            for (List<Choice> item : items) {
                rest -= rounded(smallest(item));
                last = extended(last, item, budget - rest);
                if (last.count == 0 || last.count > mostStates) {
                    return Optional.empty();
                }
                frontiers.add(last);
            }
            return Optional.of(new Solution(picks(frontiers), unit));
        }

        private long rounded(long size) {
            return (size + unit - 1) / unit * unit;
        }

        private static List<Integer> picks(List<Frontier> frontiers) {
            Integer[] picks = new Integer[frontiers.size()];
            int state = frontiers.isEmpty() ? 0 : frontiers.get(frontiers.size() - 1).count - 1;
            for (int i = picks.length - 1; i >= 0; i--) {
                picks[i] = frontiers.get(i).picks[state];
                state = frontiers.get(i).parents[state];
            }
            return List.of(picks);
        }

        /** All states with one item more: a merge of one sorted list for each choice. */
        private Frontier extended(Frontier before, List<Choice> item, long most) {
            int[] next = new int[item.size()];
            for (int c = 0; c < next.length; c++) {
                next[c] = item.get(c).cost < Double.POSITIVE_INFINITY ? 0 : before.count;
            }
            Frontier after = new Frontier();
            double cheapest = Double.POSITIVE_INFINITY;
            while (after.count <= mostStates) {
                int best = -1;
                long bestSize = 0;
                double bestCost = 0;
                for (int c = 0; c < next.length; c++) {
                    if (next[c] < before.count) {
                        long size = before.sizes[next[c]] + rounded(item.get(c).size);
                        double cost = before.costs[next[c]] + item.get(c).cost;
                        if (best < 0 || size < bestSize || size == bestSize && cost < bestCost) {
                            best = c;
                            bestSize = size;
                            bestCost = cost;
                        }
                    }
                }
                if (best < 0 || bestSize > most) {
                    break;
                }
                if (bestCost < cheapest) {
                    cheapest = bestCost;
                    after.add(bestSize, bestCost, next[best], best);
                }
                next[best]++;
            }
            return after;
        }
    }
}
