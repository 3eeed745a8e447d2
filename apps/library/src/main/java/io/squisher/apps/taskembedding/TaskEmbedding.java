package io.squisher.apps.taskembedding;

import io.squisher.Counted;
import io.squisher.SquisherException;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.plan.Sensitivity;
import io.squisher.fisher.FisherContent;
import io.squisher.fisher.FisherScale;
import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.weights.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A task as a vector.
 *
 * @param label what the task is called
 * @param groups per tensor how many of the numbers are its, in order
 * @param values means of the Fisher over the groups
 * @param source what was averaged: the Fisher's kind and how it was brought to scale
 * @param dataSize examples of the task's data set, as far as the Fisher's provenance knows; 0 where unknown
 */
public record TaskEmbedding(String label, Map<String, Integer> groups, double[] values, String source, long dataSize) {
    /** Vectors beyond this are not embeddings any more. */
    private static final long MOST = 1 << 28;

    /**
     * Averages a diagonal over its groups.
     *
     * @param scale brings accumulators to one scale with other diagonals
     * @throws SquisherException if no parameter is left, or an entry is none of a Fisher
     */
    public static TaskEmbedding of(NamedFisher fisher, Grouping grouping, FisherScale scale) {
        Sensitivity sensitivity = Sensitivity.of(fisher, scale);
        FisherContent.of(fisher.diagonal()).refuseZero(fisher.label());
        ChunkReader reader = new ChunkReader(ChunkReader.DEFAULT_ELEMENTS);
        Map<String, Integer> groups = new LinkedHashMap<>();
        List<double[]> parts = new ArrayList<>();
        long length = 0;
        for (String name : fisher.diagonal().names()) {
            Tensor tensor = fisher.diagonal().tensor(name);
            if (fisher.diagonal().role(name) != Role.PARAMETER || !grouping.covers(name, tensor.shape())) {
                continue;
            }
            length += grouping.groups(tensor.shape());
            if (length > MOST) {
                throw new SquisherException("the embedding of '" + fisher.label() + "' would have more than " + MOST
                        + " numbers; group by filter or tensor");
            }
            double[] means = means(name, tensor, grouping, sensitivity, reader);
            groups.put(name, means.length);
            parts.add(means);
        }
        if (parts.isEmpty()) {
            throw new SquisherException("'" + fisher.label() + "' has no parameter to embed: all are excluded or of"
                    + " rank below 2 (kept with --vectors keep)");
        }
        double[] values = parts.stream().flatMapToDouble(Arrays::stream).toArray();
        String source = fisher.kind() + ", " + sensitivity.rescaling().description();
        return new TaskEmbedding(fisher.label(), groups, values, source, fisher.dataSize());
    }

    private static double[] means(
            String name, Tensor tensor, Grouping grouping, Sensitivity sensitivity, ChunkReader reader) {
        Shape shape = tensor.shape();
        double[] sums = new double[Math.toIntExact(grouping.groups(shape))];
        double[] chunk = new double[ChunkReader.DEFAULT_ELEMENTS];
        int count;
        for (long start = 0; (count = reader.read(tensor, start, chunk)) > 0; start += count) {
            sensitivity.apply(name, start, chunk, count);
            for (int i = 0; i < count; i++) {
                sums[(int) grouping.groupOf(shape, start + i)] += chunk[i];
            }
        }
        double size = (double) shape.size() / sums.length;
        return Arrays.stream(sums).map(sum -> sum / size).toArray();
    }

    /** The same task by another name. */
    public TaskEmbedding withLabel(String other) {
        return new TaskEmbedding(other, groups, values, source, dataSize);
    }

    /**
     * Tasks as they are called, where that tells them apart; with {@code longer} names otherwise.
     *
     * @param longer a name for each task
     * @throws SquisherException if a task is given twice
     */
    public static List<TaskEmbedding> distinct(List<TaskEmbedding> tasks, List<String> longer) {
        if (tasks.stream().map(TaskEmbedding::label).distinct().count() == tasks.size()) {
            return tasks;
        }
        if (longer.stream().distinct().count() < longer.size()) {
            throw new SquisherException("cannot compare tasks: a file is given twice");
        }
        List<TaskEmbedding> renamed = new ArrayList<>();
        for (int i = 0; i < tasks.size(); i++) {
            renamed.add(tasks.get(i).withLabel(longer.get(i)));
        }
        return renamed;
    }

    /** In a few words, for whoever looks at a value. */
    @Override
    public String toString() {
        return "embedding of '" + label + "': " + Counted.of(values.length, "number") + " from "
                + Counted.of(groups.size(), "tensor") + " (" + source + ")";
    }
}
