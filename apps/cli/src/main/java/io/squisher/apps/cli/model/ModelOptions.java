package io.squisher.apps.cli.model;

import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Values;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/**
 * One of several models on a command line: {@code --model M [--fisher F] [--weight w]}.
 *
 * @param weight 1 unless given
 */
public record ModelOptions(Path model, Optional<Path> fisher, double weight) {
    /** Models alone. */
    public static List<ModelOptions> of(Path... models) {
        return Stream.of(models)
                .map(model -> new ModelOptions(model, Optional.empty(), 1))
                .toList();
    }

    /**
     * Reads the models in their order. With as many Fishers (weights) as models, the first belongs to the first, and so
     * on; with fewer, each belongs to the model before it.
     */
    public static List<ModelOptions> of(CommandLine line, Values values) {
        List<String> models = new ArrayList<>();
        List<List<String>> fishers = new ArrayList<>();
        List<List<String>> weights = new ArrayList<>();
        for (Option option : line.getOptions()) {
            switch (Optional.ofNullable(option.getLongOpt()).orElse("")) {
                case "model" -> {
                    models.add(option.getValue());
                    fishers.add(new ArrayList<>());
                    weights.add(new ArrayList<>());
                }
                case "fisher" -> lastOf(fishers, option, values).add(option.getValue());
                case "weight" -> lastOf(weights, option, values).add(option.getValue());
                default -> {}
            }
        }
        spread(fishers);
        spread(weights);
        List<ModelOptions> all = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            all.add(new ModelOptions(
                    values.toPath(models.get(i)),
                    single("fisher", models.get(i), fishers.get(i), values).map(values::toPath),
                    single("weight", models.get(i), weights.get(i), values)
                            .map(weight -> Domain.NUMBER.apply(weight))
                            .orElse(1.0)));
        }
        return all;
    }

    private static List<String> lastOf(List<List<String>> lists, Option option, Values values) {
        if (lists.isEmpty()) {
            throw values.wrong("--" + option.getLongOpt() + " comes after the --model it belongs to");
        }
        return lists.get(lists.size() - 1);
    }

    /** As many values as models: one for each, wherever they stand. */
    private static void spread(List<List<String>> lists) {
        List<String> flat = lists.stream().flatMap(List::stream).toList();
        if (flat.size() == lists.size()) {
            for (int i = 0; i < flat.size(); i++) {
                lists.set(i, List.of(flat.get(i)));
            }
        }
    }

    private static Optional<String> single(String option, String model, List<String> given, Values values) {
        if (given.size() > 1) {
            throw values.wrong("'" + model + "' has " + given.size() + " times --" + option);
        }
        return given.stream().findFirst();
    }
}
