package io.squisher.format.tensorflow;

import io.squisher.SquisherException;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.checkpoint.Slot;
import io.squisher.format.tensorflow.bundle.BundleFile;
import io.squisher.proto.Accumulator;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Slots in object-based checkpoints. Up to Keras 2.10 the key says whose they are: {@code
 * <variable>/.OPTIMIZER_SLOT/<optimizer>/<slot>}. Later they are numbered, {@code <optimizer>/_variables/<i>}, and only the
 * object graph has their names: {@code Adam/v/dense/kernel}, or with Keras 3 {@code adam/dense_kernel_velocity}.
 */
final class ObjectSlots {
    private static final Pattern KEYED = Pattern.compile("(.+)/\\.OPTIMIZER_SLOT/(.+)/([^/]+)");
    private static final Pattern SLOT_FIRST =
            Pattern.compile("[^/]+/(v|velocity|accumulator|accum_grad|accumulated_grad)/(.+?)(:0)?");
    private static final Pattern SLOT_LAST =
            Pattern.compile("(?:[^/]+/)+([^/]+)_(velocity|accumulator|accumulated_grad)(:0)?");

    /** Keras 3 sums gradients over several batches in variables that end as Adagrad's squares do. */
    private static final String SUMMED = "_gradient";

    private static final Pattern TRAINED = Pattern.compile("(.*/)?_?optimizer[^/]*/_trainable_variables/\\d+(/\\..*)?");

    private final BundleFile file;
    private final Function<String, String> names;
    private final ObjectNames graph;
    private final Map<String, Set<String>> fullNames = new HashMap<>();
    private final Map<String, String> parameterOf = new HashMap<>();

    /**
     * Slots in {@code file}.
     *
     * @param names the name of a variable by its key
     * @param graph names of everything, slots included
     */
    ObjectSlots(BundleFile file, Function<String, String> names, ObjectNames graph) {
        this.file = file;
        this.names = names;
        this.graph = graph;
        graph.optimizers().forEach(this::pair);
    }

    /** Slots of one kind that are as many as the trained parameters, and of their shapes, are theirs one after the other. */
    private void pair(NumberedVariables optimizer) {
        for (String slot : ObjectOptimizer.SLOTS) {
            List<String> keys = optimizer.variables().stream()
                    .filter(key -> {
                        Matcher last = SLOT_LAST.matcher(graph.name(key));
                        return last.matches()
                                && last.group(2).equals(slot)
                                && !last.group(1).endsWith(SUMMED);
                    })
                    .toList();
            boolean fits = keys.size() == optimizer.parameters().size();
            for (int i = 0; i < keys.size() && fits; i++) {
                String parameter = optimizer.parameters().get(i);
                fits = file.names().contains(keys.get(i))
                        && file.names().contains(parameter)
                        && file.tensor(keys.get(i))
                                .shape()
                                .equals(file.tensor(parameter).shape());
            }
            for (int i = 0; i < keys.size() && fits; i++) {
                parameterOf.put(keys.get(i), optimizer.parameters().get(i));
            }
        }
    }

    /** The accumulators, if the checkpoint is of this kind and has some. */
    Optional<OptimizerState> read() {
        Map<String, List<Slot>> bySlot = new HashMap<>();
        Set<String> others = new TreeSet<>();
        Set<String> unknown = new TreeSet<>();
        String optimizer = "";
        for (String key : file.names()) {
            String path =
                    key.endsWith(ObjectNames.VALUE) ? key.substring(0, key.length() - ObjectNames.VALUE.length()) : key;
            Matcher keyed = KEYED.matcher(path);
            Optional<String> numbering = NumberedVariables.optimizer(key).filter(found -> isOptimizers(key, graph));
            if (keyed.matches()) {
                optimizer = keyed.group(2);
                others.add(keyed.group(3));
                add(bySlot, keyed.group(3), names.apply(keyed.group(1) + ObjectNames.VALUE), key);
            } else if (numbering.isPresent()) {
                optimizer = numbering.get();
                if (!numbered(bySlot, key)) {
                    unknown.add(graph.name(key));
                    String full = graph.name(key);
                    others.add("'" + (full.endsWith(SUMMED + "_accumulator") ? "gradient" : "")
                            + full.replaceFirst(".*_", full.endsWith(SUMMED + "_accumulator") ? "_" : "") + "'");
                }
            }
        }
        if (bySlot.size() > 1) {
            throw new SquisherException("cannot convert '" + file.path()
                    + "': it holds the slots of several optimizers, '"
                    + String.join("', '", new TreeSet<>(bySlot.keySet()))
                    + "'; save the model with the one that is meant");
        }
        for (String slot : ObjectOptimizer.SLOTS) {
            if (bySlot.containsKey(slot)) {
                return Optional.of(state(slot, optimizer, bySlot));
            }
        }
        ObjectOptimizer.refuseUnusable(file.path(), unknown);
        if (!others.isEmpty()) {
            throw new SquisherException("cannot convert '" + file.path() + "': its optimizer keeps "
                    + String.join(", ", others) + ", none of which is known as an accumulator of squared gradients");
        }
        return Optional.empty();
    }

    private void add(Map<String, List<Slot>> bySlot, String slot, String name, String key) {
        if (ObjectOptimizer.SLOTS.contains(slot)) {
            fullNames.computeIfAbsent(slot, s -> new TreeSet<>()).add(graph.name(key));
            bySlot.computeIfAbsent(slot, s -> new ArrayList<>()).add(Slot.named(name, file.tensor(key)));
        }
    }

    /** Takes a numbered variable that holds squared gradients; false for any other. */
    private boolean numbered(Map<String, List<Slot>> bySlot, String key) {
        String full = graph.name(key);
        Matcher first = SLOT_FIRST.matcher(full);
        Matcher last = SLOT_LAST.matcher(full);
        if (first.matches()) {
            add(bySlot, first.group(1), first.group(2), key);
            return true;
        }
        if (!last.matches() || last.group(1).endsWith(SUMMED) && !parameterOf.containsKey(key)) {
            return false;
        }
        String name = parameterOf.containsKey(key)
                ? names.apply(parameterOf.get(key))
                : variable(last.group(1), file.tensor(key));
        add(bySlot, last.group(2), name, key);
        return true;
    }

    /** Keras 3 writes a variable's path with underscores for slashes: the one variable that is so written is meant. */
    private String variable(String underscored, Tensor slot) {
        List<String> candidates = file.names().stream()
                .filter(key -> !isOptimizers(key, graph))
                .filter(key -> file.tensor(key).shape().equals(slot.shape()))
                .map(names)
                .filter(name -> name.replace('/', '_').equals(underscored))
                .toList();
        return candidates.size() == 1 ? candidates.get(0) : underscored;
    }

    private OptimizerState state(String slot, String optimizer, Map<String, List<Slot>> bySlot) {
        ObjectOptimizer kind = ObjectOptimizer.of(file.path(), slot, fullNames.get(slot));
        Accumulator.Builder facts =
                Accumulator.newBuilder().setOptimizer(kind.name()).setSlot(slot);
        scalar(optimizer + "/beta_2")
                .or(() -> scalar(optimizer + "/rho"))
                .ifPresent(tensor ->
                        // Stored as float32: 0.999 comes back as 0.99900001287, and is meant to be 0.999.
                        facts.setDecay(Double.parseDouble(Float.toString(tensor.toFloats()[0]))));
        boolean summed = graph.optimizers().stream()
                .flatMap(one -> one.variables().stream())
                .anyMatch(key -> graph.name(key).endsWith(SUMMED + "_accumulator"));
        scalar(optimizer + "/iter")
                .or(() -> scalar(optimizer + "/_iterations"))
                .filter(tensor -> !summed)
                .ifPresent(tensor -> facts.setStep(tensor.toLongs()[0]).setStepSource("iterations"));
        List<String> notes = new ArrayList<>();
        if (summed) {
            notes.add(
                    "the gradients of several batches were summed for each step, and the checkpoint counts batches; give"
                            + " the steps with --step");
        }
        if (!kind.isKnown()) {
            notes.add("the file does not name its optimizer; it is taken for " + kind.name() + " by its slot '" + slot
                    + "', which others keep too, Adamax as a maximum");
        }
        if (!facts.hasDecay() && !slot.equals("accumulator")) {
            notes.add("the checkpoint does not say the decay of the average; give it with --decay");
        }
        return new OptimizerState(facts.build(), bySlot.get(slot), notes);
    }

    private Optional<Tensor> scalar(String path) {
        String key = path + ObjectNames.VALUE;
        return file.names().contains(key) && file.tensor(key).size() == 1
                ? Optional.of(file.tensor(key))
                : Optional.empty();
    }

    /**
     * Whether a key belongs to an optimizer, by its name or by the object graph, or to the bookkeeping of saving. What Keras 3's optimizers train is stored as a part
     * of them, where that is the shorter way to it.
     */
    static boolean isOptimizers(String key, ObjectNames graph) {
        return key.contains("/.OPTIMIZER_SLOT/")
                || key.matches("(.*/)?_?optimizer[^/]*/.*")
                        && !TRAINED.matcher(key).matches()
                || graph.isOptimizers(key)
                || key.startsWith("save_counter")
                || key.startsWith("keras_api/");
    }
}
