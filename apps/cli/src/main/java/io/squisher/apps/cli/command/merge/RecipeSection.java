package io.squisher.apps.cli.command.merge;

import io.squisher.SquisherException;
import io.squisher.Suggestions;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.merge.ModelWeight;
import io.squisher.apps.plan.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A mapping within a recipe; what is wrong in it becomes a problem, so that all are reported.
 *
 * @param name how messages call it
 */
record RecipeSection(String name, Map<?, ?> entries, Problems problems) {
    /** Reports keys that mean nothing here. */
    void allowOnly(List<String> known) {
        for (Object key : entries.keySet()) {
            if (!known.contains(key.toString())) {
                problems.add(name + " has the unknown key '" + key + "'"
                        + Suggestions.nearest(key.toString(), known)
                                .map(near -> ", did you mean '" + near + "'?")
                                .orElse("; known are " + String.join(", ", known)));
            }
        }
    }

    /** A mapping below; empty where there is none. */
    RecipeSection section(String key) {
        Object value = entries.get(key);
        if (value != null && !(value instanceof Map<?, ?>)) {
            problems.add("'" + key + "' in " + name + " is no mapping");
        }
        Map<?, ?> map = value instanceof Map<?, ?> given ? given : Map.of();
        return new RecipeSection("'" + key + "' in " + name, map, problems);
    }

    /** The mappings of a list below. */
    List<RecipeSection> sections(String key) {
        List<RecipeSection> sections = new ArrayList<>();
        if (entries.get(key) instanceof List<?> list) {
            for (Object item : list) {
                String called = "entry " + (sections.size() + 1) + " of '" + key + "'";
                if (!(item instanceof Map<?, ?>)) {
                    problems.add(called + " is no mapping");
                }
                Map<?, ?> map = item instanceof Map<?, ?> given ? given : Map.of();
                sections.add(new RecipeSection(called, map, problems));
            }
        } else {
            problems.add(name + " has no list '" + key + "'");
        }
        return sections;
    }

    Optional<String> text(String key) {
        return Optional.ofNullable(entries.get(key)).map(Object::toString);
    }

    Optional<Double> number(String key) {
        return made(key, Domain.NUMBER::apply);
    }

    <E extends Enum<E>> Optional<E> choice(String key, Class<E> type) {
        return made(key, Domain.oneOf(type)::apply);
    }

    /** What {@code maker} makes of a text. */
    <T> Optional<T> made(String key, Function<String, T> maker) {
        Optional<String> text = text(key);
        try {
            return text.map(maker);
        } catch (SquisherException | IllegalArgumentException e) {
            problems.add("'" + key + ": " + text.orElseThrow() + "' in " + name + ": "
                    + e.getMessage().lines().findFirst().orElse("it makes no sense"));
            return Optional.empty();
        }
    }

    /** A number, or a list of {filter, value} of which the first that fits a tensor's name counts. */
    ModelWeight weight(String key) {
        if (!(entries.get(key) instanceof List<?>)) {
            return number(key).map(value -> ModelWeight.of(value)).orElse(ModelWeight.ONE);
        }
        List<ModelWeight.Rule> rules = new ArrayList<>();
        for (RecipeSection rule : sections(key)) {
            rule.allowOnly(List.of("filter", "value"));
            String filter =
                    rule.text("filter").filter(text -> !text.equals("*")).orElse("");
            rules.add(new ModelWeight.Rule(filter, rule.number("value").orElse(1.0)));
        }
        if (rules.isEmpty() || !rules.get(rules.size() - 1).filter().isEmpty()) {
            problems.add(
                    "the last value of '" + key + "' in " + name + " needs no filter or '*', for all other tensors");
            return ModelWeight.ONE;
        }
        return ModelWeight.of(rules);
    }
}
