package io.squisher.examples.reproduce.setting;

import io.squisher.examples.data.Shuffle;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** Divisions of classes into tasks. */
public final class Groups {
    private Groups() {}

    /** A random order of the classes, cut into {@code count} groups of equal size. */
    public static List<Set<Integer>> of(int classes, int count, long seed) {
        int[] order = Shuffle.order(classes, new Random(seed));
        int size = classes / count;
        List<Set<Integer>> groups = new ArrayList<>();
        for (int group = 0; group < count; group++) {
            Set<Integer> members = new TreeSet<>();
            for (int i = group * size; i < (group + 1) * size; i++) {
                members.add(order[i]);
            }
            groups.add(members);
        }
        return groups;
    }
}
