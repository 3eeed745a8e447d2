package io.squisher.apps.quantization;

import io.squisher.SquisherException;
import io.squisher.apps.plan.FisherCheck;
import io.squisher.apps.plan.MultipleChoice;
import io.squisher.apps.plan.MultipleChoice.Choice;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.plan.Problems;
import io.squisher.apps.plan.Sensitivity;
import io.squisher.apps.quantization.number.Candidate;
import io.squisher.weights.ContentHash;
import io.squisher.weights.WeightSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Chooses a number format for each tensor so that the expected rise of the loss is least within a budget of bits. Tensors are
 * taken to rise the loss for themselves, as a diagonal says.
 */
public final class PrecisionPlanner {
    private static final String TASK = "cannot plan";

    private final PrecisionOptions options;
    private final ChannelAxes axes;

    /** A planner. */
    public PrecisionPlanner(PrecisionOptions options, ChannelAxes axes) {
        this.options = options;
        this.axes = axes;
    }

    /**
     * Measures all formats on all tensors, and chooses.
     *
     * @throws SquisherException if nothing is to be rounded, the Fisher belongs to other weights, a number is not finite, or even
     *     the smallest formats are beyond the budget
     */
    public PrecisionPlan plan(WeightSource model, NamedFisher fisher) {
        List<String> names = Eligible.of(model, options.exclude());
        Problems problems = new Problems(TASK);
        new FisherCheck(problems, options.allowOtherModel()).check(model, fisher, names);
        problems.throwIfAny();
        Sensitivity sensitivity = Sensitivity.of(fisher, options.scale());
        RoundingLoss loss = new RoundingLoss(model, sensitivity, axes);
        List<TensorLosses> tensors =
                names.stream().map(name -> loss.of(name, options.candidates())).toList();
        long weights =
                names.stream().mapToLong(name -> model.tensor(name).size()).sum();
        Map<PlanMethod, Assignment> assignments = assignments(tensors, weights);
        if (!assignments.containsKey(options.method())) {
            throw beyond(tensors, weights);
        }
        Map<String, String> variant = new LinkedHashMap<>(sensitivity.variant());
        variant.put("scale", options.scale().toString());
        List<String> warnings = new ArrayList<>(sensitivity.rescaling().warnings());
        if (assignments.get(options.method()).unit() > 1) {
            warnings.add("sizes were rounded up to multiples of "
                    + assignments.get(options.method()).unit()
                    + " bits to divide the budget, so that the plan may miss the best one by as much for each tensor");
        }
        String hash = ContentHash.of(names, model::tensor);
        return new PrecisionPlan(tensors, assignments, options.method(), weights, hash, variant, warnings);
    }

    private Map<PlanMethod, Assignment> assignments(List<TensorLosses> tensors, long weights) {
        long budget = (long) Math.floor(Math.min(options.budget() * weights, Long.MAX_VALUE / 2));
        Map<PlanMethod, Assignment> assignments = new EnumMap<>(PlanMethod.class);
        divided(PlanMethod.FISHER, tensors, budget, CandidateLoss::loss)
                .ifPresent(found -> assignments.put(PlanMethod.FISHER, found));
        divided(PlanMethod.ERROR, tensors, budget, CandidateLoss::error)
                .ifPresent(found -> assignments.put(PlanMethod.ERROR, found));
        uniform(tensors, budget).ifPresent(found -> assignments.put(PlanMethod.UNIFORM, found));
        return assignments;
    }

    private static Optional<Assignment> divided(
            PlanMethod method, List<TensorLosses> tensors, long budget, ToDoubleFunction<CandidateLoss> cost) {
        List<List<Choice>> items = tensors.stream()
                .map(tensor -> tensor.losses().stream()
                        .map(loss -> new Choice(loss.bits(), cost.applyAsDouble(loss)))
                        .toList())
                .toList();
        return MultipleChoice.solve(items, budget).map(solution -> {
            Map<String, CandidateLoss> chosen = new LinkedHashMap<>();
            for (int i = 0; i < tensors.size(); i++) {
                TensorLosses tensor = tensors.get(i);
                chosen.put(tensor.name(), tensor.losses().get(solution.picks().get(i)));
            }
            return new Assignment(method, chosen, solution.unit());
        });
    }

    /** One format for all tensors, which some of them may not be able to take. */
    private Optional<Assignment> uniform(List<TensorLosses> tensors, long budget) {
        List<Assignment> all = new ArrayList<>();
        for (Candidate candidate : options.candidates()) {
            Map<String, CandidateLoss> chosen = new LinkedHashMap<>();
            for (TensorLosses tensor : tensors) {
                tensor.losses().stream()
                        .filter(loss -> loss.candidate().equals(candidate))
                        .forEach(loss -> chosen.put(tensor.name(), loss));
            }
            all.add(new Assignment(PlanMethod.UNIFORM, chosen, 1));
        }
        return all.stream()
                .filter(assignment -> assignment.bits() <= budget)
                .filter(assignment -> assignment.error() <= Double.MAX_VALUE)
                .min(Comparator.comparingDouble(Assignment::error).thenComparingLong(Assignment::bits));
    }

    private SquisherException beyond(List<TensorLosses> tensors, long weights) {
        if (options.method() == PlanMethod.UNIFORM) {
            return new SquisherException(TASK + ": no format takes all tensors within " + options.budget()
                    + " bits a weight; raise --budget, or" + " let each tensor have its own with --method fisher");
        }
        double least = (double) tensors.stream()
                        .mapToLong(tensor -> tensor.losses().stream()
                                .filter(loss -> loss.loss() < Double.POSITIVE_INFINITY)
                                .mapToLong(CandidateLoss::bits)
                                .min()
                                .orElseThrow())
                        .sum()
                / weights;
        return new SquisherException(String.format(
                Locale.ROOT,
                "%s: no choice of these formats stays within %s bits a weight, the smallest takes %.4f; raise --budget, or"
                        + " add formats of fewer bits",
                TASK,
                options.budget(),
                least));
    }
}
