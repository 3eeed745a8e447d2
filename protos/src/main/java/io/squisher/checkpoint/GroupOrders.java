package io.squisher.checkpoint;

import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The ways to share a model's parameters among an optimizer's groups. A program puts parameters into groups as it likes, each group
 * in the model's order; numbers then count through the groups. That the model's own order fits proves nothing if parameters of equal
 * shape could as well have gone to other groups.
 */
final class GroupOrders {
    /** More states of a search are no proof worth its time. */
    private static final long MOST_STATES = 1 << 20;

    private final List<Tensor> parameters;
    private final List<List<Slot>> groups = new ArrayList<>();
    private final int[] sizes;

    private GroupOrders(List<Slot> slots, List<Tensor> parameters) {
        this.parameters = parameters;
        int count = slots.stream().mapToInt(Slot::group).max().orElse(0) + 1;
        for (int i = 0; i < count; i++) {
            int group = i;
            groups.add(slots.stream().filter(slot -> slot.group() == group).toList());
        }
        // The last coordinate counts the parameters that the optimizer does not have.
        this.sizes = new int[count + 1];
        for (int i = 0; i < count; i++) {
            sizes[i] = groups.get(i).size();
        }
        sizes[count] = parameters.size() - slots.size();
    }

    /** Whether there is one way at the most; false too if there are too many to look at. */
    static boolean areProven(List<Slot> slots, List<Tensor> parameters) {
        boolean oneGroup = slots.stream().allMatch(slot -> slot.group() == 0);
        return oneGroup || slots.size() > parameters.size() || new GroupOrders(slots, parameters).ways() < 2;
    }

    /** 0, 1, or 2 for more than one or for too many to look at. */
    private int ways() {
        long states = 1;
        for (int size : sizes) {
            states *= size + 1;
            if (states > MOST_STATES) {
                return 2;
            }
        }
        // ways[s]: from how far each group has come, in mixed radix, to the end; each step makes the number larger.
        byte[] ways = new byte[(int) states];
        ways[ways.length - 1] = 1;
        int[] at = sizes.clone();
        for (int state = ways.length - 2; state >= 0; state--) {
            previous(at);
            ways[state] = ways(ways, state, at);
        }
        return ways[0];
    }

    private void previous(int... at) {
        int digit = at.length - 1;
        while (at[digit] == 0) {
            at[digit] = sizes[digit];
            digit--;
        }
        at[digit]--;
    }

    private byte ways(byte[] ways, int state, int... at) {
        Tensor parameter = parameters.get(Arrays.stream(at).sum());
        int total = 0;
        int stride = 1;
        for (int digit = at.length - 1; digit >= 0; digit--) {
            boolean skipped = digit == groups.size();
            if (at[digit] < sizes[digit]
                    && (skipped || groups.get(digit).get(at[digit]).fits(parameter))) {
                total += ways[state + stride];
            }
            stride *= sizes[digit] + 1;
        }
        return (byte) Math.min(2, total);
    }
}
