package io.squisher.format.keras;

import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The order of a model's parameters in a file without settings. Keras numbers the groups of each class of layers in the model's order
 * ({@code dense}, {@code dense_1}); which class comes when, the shapes of the accumulators say, which stand in the order of the
 * whole model. Where they leave one way to merge the classes, that is the order.
 */
final class KerasInterleaving {
    private static final Pattern LAYER = Pattern.compile(
            "(?:_layer_checkpoint_dependencies|layers)/([a-z0-9_]+?)(?:_(\\d{1,6}))?(/.+)?/vars/\\d{1,6}");

    /** A model with more ways to begin is left to its settings. */
    private static final int MOST_STATES = 100_000;

    private final List<List<Layer>> classes;
    private final List<Shape> slots;
    private final Map<List<Integer>, Integer> ways = new HashMap<>();

    /**
     * A layer.
     *
     * @param inside the group in it that has its variables; empty if it has them itself
     */
    private record Layer(String inside, List<String> names, List<Shape> shapes) {}

    private KerasInterleaving(List<List<Layer>> classes, List<Shape> slots) {
        this.classes = classes;
        this.slots = slots;
    }

    /**
     * The order, if there is one alone.
     *
     * @param paths datasets of the weights by name, those of a group in its order
     * @param parameters those of them that an optimizer may train
     * @param slots shapes of the accumulators in their order
     */
    static Optional<List<String>> of(Map<String, String> paths, Map<String, Tensor> parameters, List<Shape> slots) {
        Map<String, TreeMap<Integer, Layer>> byClass = new TreeMap<>();
        for (Map.Entry<String, String> entry : paths.entrySet()) {
            Tensor tensor = parameters.get(entry.getKey());
            if (tensor == null) {
                continue;
            }
            Matcher path = LAYER.matcher(entry.getValue());
            if (!path.matches()) {
                return Optional.empty();
            }
            String inside = path.group(3) == null ? "" : path.group(3);
            int number = path.group(2) == null ? 0 : Integer.parseInt(path.group(2));
            Layer layer = byClass.computeIfAbsent(path.group(1), c -> new TreeMap<>())
                    .computeIfAbsent(number, n -> new Layer(inside, new ArrayList<>(), new ArrayList<>()));
            if (!layer.inside().equals(inside)) {
                // The groups inside a layer are sorted by their names.
                return Optional.empty();
            }
            layer.names().add(entry.getKey());
            layer.shapes().add(tensor.shape());
        }
        if (slots.size() != parameters.size()) {
            return Optional.empty();
        }
        List<List<Layer>> classes = byClass.values().stream()
                .<List<Layer>>map(layers -> List.copyOf(layers.values()))
                .toList();
        return new KerasInterleaving(classes, slots).only();
    }

    private Optional<List<String>> only() {
        List<Integer> done = new ArrayList<>(classes.stream().map(layers -> 0).toList());
        if (ways(done, 0) != 1 || ways.size() > MOST_STATES) {
            return Optional.empty();
        }
        List<String> names = new ArrayList<>();
        while (names.size() < slots.size()) {
            for (int i = 0; i < classes.size(); i++) {
                List<Integer> next = next(done, i, names.size());
                if (!next.isEmpty()
                        && ways(next, names.size() + layer(done, i).names().size()) == 1) {
                    names.addAll(layer(done, i).names());
                    done = next;
                    break;
                }
            }
        }
        return Optional.of(names);
    }

    /** In how many ways the layers that are left fit the slots from {@code at} on; 2 for more than one. */
    private int ways(List<Integer> done, int at) {
        if (at == slots.size()) {
            return 1;
        }
        Integer known = ways.get(done);
        if (known != null) {
            return known;
        }
        int total = 0;
        for (int i = 0; i < classes.size() && total < 2 && ways.size() <= MOST_STATES; i++) {
            List<Integer> next = next(done, i, at);
            if (!next.isEmpty()) {
                total += ways(next, at + layer(done, i).names().size());
            }
        }
        ways.put(done, Math.min(2, total));
        return Math.min(2, total);
    }

    private Layer layer(List<Integer> done, int ofClass) {
        return classes.get(ofClass).get(done.get(ofClass));
    }

    /** How many layers of each class are done after one more of a class; empty if it has no more, or its shapes do not fit. */
    private List<Integer> next(List<Integer> done, int ofClass, int at) {
        if (done.get(ofClass) == classes.get(ofClass).size()) {
            return List.of();
        }
        List<Shape> shapes = layer(done, ofClass).shapes();
        if (at + shapes.size() > slots.size()
                || !slots.subList(at, at + shapes.size()).equals(shapes)) {
            return List.of();
        }
        List<Integer> next = new ArrayList<>(done);
        next.set(ofClass, done.get(ofClass) + 1);
        return next;
    }
}
