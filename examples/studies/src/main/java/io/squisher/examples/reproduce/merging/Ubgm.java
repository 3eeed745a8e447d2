package io.squisher.examples.reproduce.merging;

import io.squisher.examples.data.LabelledImages;
import io.squisher.examples.reproduce.merging.UbgmMerges.Way;
import io.squisher.examples.reproduce.merging.UbgmSweep.Tried;
import io.squisher.examples.reproduce.setting.Listed;
import io.squisher.examples.reproduce.setting.Panel;
import io.squisher.examples.reproduce.setting.Part;
import io.squisher.examples.reproduce.setting.Point;
import io.squisher.examples.reproduce.setting.Run;
import io.squisher.examples.reproduce.setting.RunResult.Outcome;
import io.squisher.examples.reproduce.setting.SavedModel;
import io.squisher.examples.reproduce.setting.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Setting 2: merging by uncertainty-based gradient matching (Daheim et al. 2024) against the mean of the parameters.
 *
 * @param sweep the α and δ0 of which every method has its best; absent: α = 1, and a δ0 that only keeps the quotient defined,
 *     as in the authors' shipped settings
 */
public record Ubgm(
        FineTunedModels.Options options,
        Optional<UbgmSweep> sweep,
        double referenceSeconds,
        double referenceChoiceSeconds)
        implements Setting {
    private static final String ARITHMETIC = "task arithmetic";
    private static final String PLAIN = ", alpha 1, delta0 0";
    private static final String WITHOUT_BASE = ", no base Fisher";
    private static final String ALPHA = ", alpha";
    private static final String DELTA = ", delta0";

    private static final Part WEIGHT =
            Part.told("weight of the task vectors", "all together; 1 in an average, their number in a sum", "");
    private static final Part BY_ALPHA =
            Part.told("accuracy by alpha, delta0 0", "validation accuracy on all classes (%)", "alpha");
    private static final Part BY_DELTA = Part.told(
            "accuracy by delta0, alpha 1",
            "validation accuracy on all classes (%)",
            "delta0, times the mean of the base's Hessian");

    /** Points of this name are kept with a run, and stand in no table. */
    private static final String BASE_OVER_MODELS = "mean of the base's Hessian over a model's";

    /** So low that only the quotient stays defined. */
    private static final double NO_DELTA = 1e-9;

    /** Without a choice of α and δ0. */
    public Ubgm(FineTunedModels.Options options, double referenceSeconds) {
        this(options, Optional.empty(), referenceSeconds, 0);
    }

    @Override
    public String name() {
        return "ubgm";
    }

    @Override
    public Panel panel() {
        return Panel.UBGM;
    }

    @Override
    public List<Part> parts() {
        return sweep.isEmpty()
                ? List.of(FineTunedModels.ALL, FineTunedModels.OWN)
                : List.of(FineTunedModels.ALL, FineTunedModels.OWN, WEIGHT, BY_ALPHA, BY_DELTA);
    }

    @Override
    public Map<String, String> hyperparameters() {
        Map<String, String> words = options.words();
        words.put(
                "merging",
                sweep.map(UbgmSweep::words).orElse("alpha 1, delta0 1e-9 times the mean of the base's Hessian")
                        + ", multipliers: each model's number of training images, head included");
        return words;
    }

    @Override
    public boolean hasChoice() {
        return sweep.isPresent();
    }

    @Override
    public Optional<Outcome> choose(Run run) {
        UbgmMerges merges = new UbgmMerges(FineTunedModels.train(run, options), run.folder());
        LabelledImages images = merges.models().split().validation();
        List<Point> points = new ArrayList<>();
        Map<String, Double> chosen = new LinkedHashMap<>();
        UbgmSweep candidates = sweep.orElseThrow();
        List<Tried> sums = candidates.triedAlphas(0, alpha -> accuracy(merges.arithmetic(alpha), images));
        chosen.put(ARITHMETIC + ALPHA, UbgmSweep.best(sums).alpha());
        add(points, ARITHMETIC, sums);
        for (String diagonal : merges.models().base().diagonals().keySet()) {
            List<Tried> tried = candidates.tried(
                    (alpha, delta) -> accuracy(merges.merged(new Way(diagonal, alpha, delta, true)), images));
            Tried best = UbgmSweep.best(tried);
            chosen.put(diagonal + ALPHA, best.alpha());
            chosen.put(diagonal + DELTA, best.delta0());
            add(points, diagonal, tried);
        }
        return Optional.of(new Outcome(points, List.of(), List.of(), chosen));
    }

    private static void add(List<Point> points, String method, List<Tried> tried) {
        tried.forEach(one ->
                points.add(new Point("alpha, delta0 " + Listed.of(one.delta0()), method, one.alpha(), one.score())));
    }

    private double accuracy(Path model, LabelledImages images) {
        return SavedModel.accuracy(
                model, images, new float[options.architecture().outputs()]);
    }

    @Override
    public Outcome run(Run run) {
        UbgmMerges merges = new UbgmMerges(FineTunedModels.train(run, options), run.folder());
        FineTunedModels models = merges.models();
        List<Point> points = new ArrayList<>(models.accuraciesUnmerged());
        points.addAll(models.accuracies(Panel.UBGM.baseline(), merges.average()));
        sweep.ifPresent(candidates -> {
            double alpha = run.chosen().get(ARITHMETIC + ALPHA);
            points.addAll(models.accuracies(ARITHMETIC, merges.arithmetic(alpha)));
            points.add(new Point(WEIGHT.name(), Panel.UBGM.baseline(), 1));
            points.add(
                    new Point(WEIGHT.name(), ARITHMETIC, alpha * models.models().size()));
            points.addAll(sweeps(merges, candidates));
        });
        for (String diagonal : models.base().diagonals().keySet()) {
            Way plain = new Way(diagonal, 1, NO_DELTA, true);
            if (sweep.isEmpty()) {
                points.addAll(models.accuracies(diagonal, merges.merged(plain)));
            } else {
                Map<String, Double> chosen = run.chosen();
                Way best = new Way(diagonal, chosen.get(diagonal + ALPHA), chosen.get(diagonal + DELTA), true);
                points.addAll(measured(merges, diagonal, best));
                points.addAll(measured(merges, diagonal + PLAIN, plain));
                points.addAll(measured(merges, diagonal + WITHOUT_BASE, new Way(diagonal, 1, NO_DELTA, false)));
                points.add(new Point(BASE_OVER_MODELS, diagonal, merges.baseOverModels(diagonal)));
            }
        }
        return models.outcome(points);
    }

    private static List<Point> measured(UbgmMerges merges, String method, Way way) {
        List<Point> points = new ArrayList<>(merges.models().accuracies(method, merges.merged(way)));
        points.add(new Point(WEIGHT.name(), method, merges.weight(way)));
        return points;
    }

    /** One of α and δ0 changed at a time. */
    private List<Point> sweeps(UbgmMerges merges, UbgmSweep candidates) {
        LabelledImages images = merges.models().split().validation();
        List<Point> points = new ArrayList<>();
        double average = accuracy(merges.average(), images);
        for (double alpha : candidates.alpha().range()) {
            points.add(new Point(BY_ALPHA.name(), Panel.UBGM.baseline(), alpha, average));
            points.add(new Point(BY_ALPHA.name(), ARITHMETIC, alpha, accuracy(merges.arithmetic(alpha), images)));
            for (String diagonal : merges.models().base().diagonals().keySet()) {
                Path merged = merges.merged(new Way(diagonal, alpha, NO_DELTA, true));
                points.add(new Point(BY_ALPHA.name(), diagonal, alpha, accuracy(merged, images)));
            }
        }
        for (double delta : candidates.deltas()) {
            points.add(new Point(BY_DELTA.name(), Panel.UBGM.baseline(), delta, average));
            for (String diagonal : merges.models().base().diagonals().keySet()) {
                Path merged = merges.merged(new Way(diagonal, 1, delta, true));
                points.add(new Point(BY_DELTA.name(), diagonal, delta, accuracy(merged, images)));
            }
        }
        return points;
    }
}
