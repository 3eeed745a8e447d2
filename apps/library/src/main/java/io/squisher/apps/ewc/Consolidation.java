package io.squisher.apps.ewc;

import io.squisher.apps.ewc.EwcOptions.Mode;
import io.squisher.apps.plan.CommonScale;
import io.squisher.apps.plan.FisherCheck;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.plan.Problems;
import io.squisher.fisher.FisherScale;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Several tasks as one penalty, computed as it is read. */
public final class Consolidation {
    private final List<EwcTask> tasks;
    private final EwcOptions options;
    private final double[] factors;

    private Consolidation(List<EwcTask> tasks, EwcOptions options) {
        this.tasks = List.copyOf(tasks);
        this.options = options;
        this.factors = new double[tasks.size()];
        double decayed = 1;
        for (int i = factors.length - 1; i >= 0; i--) {
            factors[i] = tasks.get(i).weight() * decayed;
            decayed *= options.mode() == Mode.ONLINE ? options.decay() : 1;
        }
    }

    /**
     * Adds the tasks up in the order in which they were learned.
     *
     * @throws io.squisher.SquisherException with everything that does not fit together
     */
    public static EwcPenalty of(List<EwcTask> tasks, EwcOptions options) {
        return new Consolidation(tasks, options).penalty();
    }

    /**
     * What the tasks' own penalties still add up to at the common centre, without λ/2: Σ_t f_t Σ F_t (θ_t − θ*)², with f_t
     * a task's factor. Σ_t f_t Σ F_t (θ − θ_t)² is the one quadratic and this. 0 online, where only the last centre counts.
     *
     * @param penalty what {@link #of} made of the same tasks and options
     */
    public static double spread(List<EwcTask> tasks, EwcOptions options, EwcPenalty penalty) {
        if (options.mode() == Mode.ONLINE) {
            return 0;
        }
        double spread = 0;
        for (EwcTask task : tasks) {
            Map<String, Tensor> importances = new LinkedHashMap<>();
            penalty.anchor()
                    .keySet()
                    .forEach(name -> importances.put(name, task.importance().of(name)));
            spread += new EwcPenalty(importances, penalty.anchor())
                    .value(2 * task.weight(), name -> task.weights().tensor(name));
        }
        return spread;
    }

    private EwcPenalty penalty() {
        Problems problems = new Problems("cannot consolidate");
        checkScales(problems);
        List<String> names = tasks.get(0).importance().parameters().stream()
                .filter(name -> !options.isExcluded(name))
                .toList();
        if (names.isEmpty()) {
            problems.add("no parameter is left to hold; see --exclude");
        }
        tasks.forEach(task -> check(task, names, problems));
        FisherCheck fishers = new FisherCheck(problems, options.allowOtherModel());
        tasks.forEach(task ->
                task.importance().fisher().ifPresent(fisher -> fishers.check(task.weights(), fisher, List.of())));
        problems.throwIfAny();
        Map<String, Tensor> sums = new LinkedHashMap<>();
        Map<String, Tensor> anchors = new LinkedHashMap<>();
        for (String name : names) {
            sums.put(name, fisher(name));
            anchors.put(name, anchor(name));
        }
        return new EwcPenalty(sums, anchors);
    }

    /** What is added must be of one size. */
    private void checkScales(Problems problems) {
        Map<FisherScale, List<NamedFisher>> fishers = new LinkedHashMap<>();
        for (EwcTask task : tasks) {
            if (task.importance() instanceof FisherImportance importance) {
                fishers.computeIfAbsent(importance.scale(), scale -> new ArrayList<>())
                        .add(importance.fisher().orElseThrow());
            }
        }
        fishers.forEach((scale, sharing) -> CommonScale.check(sharing, scale, problems));
    }

    private void check(EwcTask task, List<String> names, Problems problems) {
        if (!(task.weight() >= 0) || Double.isInfinite(task.weight())) {
            problems.add(
                    "the weight of '" + task.weights().path() + "' is " + task.weight() + "; weights are not negative");
        }
        List<String> missing = names.stream()
                .filter(name -> !task.weights().names().contains(name)
                        || !task.importance().parameters().contains(name))
                .toList();
        if (!missing.isEmpty()) {
            problems.add("'" + task.weights().path() + "' or its Fisher lacks the parameters "
                    + FisherCheck.list(missing) + "; heads of single tasks are left out with --exclude");
        }
        EwcTask first = tasks.get(0);
        List<String> unlike = new ArrayList<>();
        for (String name : names) {
            if (!missing.contains(name)
                    && first.weights().names().contains(name)
                    && !task.weights()
                            .tensor(name)
                            .shape()
                            .equals(first.weights().tensor(name).shape())) {
                unlike.add("'" + name + "' " + TensorSpec.of(first.weights().tensor(name)) + " and "
                        + TensorSpec.of(task.weights().tensor(name)));
            }
        }
        if (!unlike.isEmpty()) {
            problems.add("'" + first.weights().path() + "' and '"
                    + task.weights().path() + "' differ in shape: " + String.join("; ", unlike));
        }
    }

    private List<Tensor> importances(String name) {
        return tasks.stream().map(task -> task.importance().of(name)).toList();
    }

    private Tensor fisher(String name) {
        List<Tensor> importances = importances(name);
        boolean wide = tasks.stream().anyMatch(task -> task.importance().precision(name) == ElementType.F64);
        TensorSpec spec = new TensorSpec(
                wide ? ElementType.F64 : ElementType.F32, importances.get(0).shape());
        return new ComputedTensor(spec, importances, (start, count, inputs, output) -> {
            java.util.Arrays.fill(output, 0, count, 0);
            for (int task = 0; task < factors.length; task++) {
                for (int i = 0; i < count; i++) {
                    output[i] += factors[task] * inputs[task][i];
                }
            }
        });
    }

    private Tensor anchor(String name) {
        Tensor last = tasks.get(tasks.size() - 1).weights().tensor(name);
        if (options.mode() == Mode.ONLINE || tasks.size() == 1) {
            return last;
        }
        List<Tensor> inputs = new ArrayList<>();
        tasks.forEach(task -> inputs.add(task.weights().tensor(name)));
        inputs.addAll(importances(name));
        int count = tasks.size();
        return new ComputedTensor(TensorSpec.of(last), inputs, (start, elements, values, output) -> {
            for (int i = 0; i < elements; i++) {
                double weighted = 0;
                double total = 0;
                for (int task = 0; task < count; task++) {
                    double weight = factors[task] * values[count + task][i];
                    weighted += weight * values[task][i];
                    total += weight;
                }
                // Where no task holds the parameter, its place does not matter: the last one.
                output[i] = total > 0 ? weighted / total : values[count - 1][i];
            }
        });
    }
}
