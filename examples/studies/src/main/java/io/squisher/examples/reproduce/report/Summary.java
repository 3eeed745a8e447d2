package io.squisher.examples.reproduce.report;

import io.squisher.examples.reproduce.running.Runs;
import io.squisher.examples.reproduce.setting.Answer;
import io.squisher.examples.reproduce.setting.DiagonalCost;
import io.squisher.examples.reproduce.setting.LayerAgreement;
import io.squisher.examples.reproduce.setting.Part;
import io.squisher.examples.reproduce.setting.RunResult;
import io.squisher.examples.reproduce.setting.Setting;
import io.squisher.examples.statistics.Comparison;
import io.squisher.examples.statistics.PairedTest;
import io.squisher.examples.statistics.Sample;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A setting's numbers over its seeds. */
public record Summary(Runs.SettingResults results) {
    public Setting setting() {
        return results.setting();
    }

    /** The methods of a part, in the order of the runs. */
    public Set<String> methods(Part part) {
        Set<String> methods = new LinkedHashSet<>();
        results.seeds().get(0).outcome().points().stream()
                .filter(point -> point.part().equals(part.name()))
                .forEach(point -> methods.add(point.method()));
        return methods;
    }

    /** The places of a method on a part's axis. */
    public Set<Double> axis(Part part, String method) {
        Set<Double> axis = new TreeSet<>();
        results.seeds().get(0).outcome().points().stream()
                .filter(point ->
                        point.part().equals(part.name()) && point.method().equals(method))
                .forEach(point -> axis.add(point.x()));
        return axis;
    }

    /** A method's numbers at a place, one a seed. */
    Sample at(Part part, String method, double x) {
        return Sample.of(
                results.seeds().stream().map(run -> value(run, part, method, x)).toList());
    }

    private static double value(RunResult run, Part part, String method, double x) {
        return run.outcome().points().stream()
                .filter(point ->
                        point.part().equals(part.name()) && point.method().equals(method) && point.x() == x)
                .findFirst()
                .orElseThrow()
                .value();
    }

    /** A method's mean over a part's axis, one a seed. */
    Sample mean(Part part, String method) {
        return Sample.of(results.seeds().stream()
                .map(run -> axis(part, method).stream()
                        .mapToDouble(x -> value(run, part, method, x))
                        .average()
                        .orElseThrow())
                .toList());
    }

    /** The difference of two methods' means over the axis. */
    PairedTest difference(Part part, String method, String other) {
        return PairedTest.of(mean(part, method), mean(part, other));
    }

    /** All comparisons of answers: each method with the baseline, and the Squisher with the Fisher. */
    List<Comparison<Part>> comparisons() {
        String baseline = setting().panel().baseline();
        List<Comparison<Part>> all = new ArrayList<>();
        for (Part part : setting().parts()) {
            if (part.isCompared()) {
                all.addAll(Answer.comparisons(
                        part, methods(part), baseline, (method, other) -> difference(part, method, other)));
            }
        }
        return Comparison.corrected(all);
    }

    /** The tensors whose agreement was measured. */
    public Set<String> layers() {
        Set<String> layers = new LinkedHashSet<>();
        allLayers().forEach(layer -> layers.add(layer.layer()));
        return layers;
    }

    List<LayerAgreement> allLayers() {
        return results.seeds().stream()
                .flatMap(run -> run.outcome().layers().stream())
                .toList();
    }

    /** Of all tensors of a model together. */
    List<LayerAgreement> wholeModels() {
        return allLayers().stream().filter(layer -> layer.isOfWholeModel()).toList();
    }

    List<DiagonalCost> costs() {
        return results.seeds().stream()
                .flatMap(run -> run.outcome().costs().stream())
                .toList();
    }

    /** Wall-clock of a run, seconds. */
    Sample seconds() {
        return Sample.of(results.seeds().stream().map(RunResult::seconds).toList());
    }
}
