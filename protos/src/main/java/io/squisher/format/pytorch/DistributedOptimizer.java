package io.squisher.format.pytorch;

import io.squisher.SquisherException;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.checkpoint.Slot;
import io.squisher.format.pickle.PickleSequence;
import io.squisher.format.pytorch.DistributedMetadata.Entry;
import io.squisher.proto.Accumulator;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The optimizer among the names of a distributed checkpoint. FSDP and torchtitan write {@code optim….state.<parameter>.<slot>},
 * Megatron {@code optimizer.state.<slot>.<parameter>}; settings stand under {@code param_groups}, whole or one by one, in
 * Megatron's folders in {@code common.pt}.
 */
final class DistributedOptimizer {
    private static final Pattern MEGATRON = Pattern.compile(
            "(?:.*\\.)?[^.]*optim[^.]*\\.state\\.(exp_avg|exp_avg_sq|fp32_param|master_param|step)\\.(.+)");
    private static final Pattern STATE = Pattern.compile("(?:(?:.*\\.)?[^.]*optim[^.]*\\.)?state\\.(.+)\\.([^.]+)");
    private static final Pattern GROUPS = Pattern.compile("(?:.*\\.)?param_groups(?:\\..*)?");
    private static final Pattern BUCKETS = Pattern.compile(".*(?:gbuf_idx|dp_group_idx|\\.bucket_idx).*");

    /** Longer names are no names, and patterns would take long to look at them. */
    private static final int MOST_CHARACTERS = 1000;

    /** Settings and steps are small objects in files of their own; beyond so many they say nothing new. */
    private static final int MOST_OBJECTS = 4000;

    private final Path path;
    private final DistributedPieces pieces;
    private final Map<String, Map<String, Tensor>> state = new LinkedHashMap<>();
    private final Map<Object, Object> settings = new LinkedHashMap<>();
    private final TreeSet<Double> decays = new TreeSet<>();
    private final TreeSet<Long> steps = new TreeSet<>();
    private final List<Runnable> objects = new ArrayList<>();
    private Path folder;
    private boolean buckets;

    DistributedOptimizer(Path path, DistributedPieces pieces) {
        this.path = path;
        this.pieces = pieces;
    }

    /** Whether an entry is the optimizer's; if so, it is kept. */
    boolean takes(Path from, String name, Entry entry) {
        if (name.length() > MOST_CHARACTERS) {
            return false;
        }
        if (BUCKETS.matcher(name).matches()) {
            buckets = true;
            return true;
        }
        Matcher megatron = MEGATRON.matcher(name);
        Matcher plain = STATE.matcher(name);
        if (megatron.matches()) {
            put(
                    from,
                    megatron.group(2),
                    megatron.group(1).equals("fp32_param") ? "master_param" : megatron.group(1),
                    entry);
        } else if (plain.matches()) {
            put(from, plain.group(1), plain.group(2), entry);
        } else if (GROUPS.matcher(name).matches()) {
            objects.add(
                    () -> addSettings(name, pieces.object(from, entry.pieces().get(0))));
        } else {
            return false;
        }
        folder = from;
        return true;
    }

    private void put(Path from, String parameter, String slot, Entry entry) {
        Map<String, Tensor> slots = state.computeIfAbsent(parameter, key -> new LinkedHashMap<>());
        if (slot.equals("step")) {
            slots.put(slot, Tensor.of(Shape.of(), 0f));
            objects.add(() -> count(
                            entry.type().isPresent()
                                    ? pieces.tensor(from, entry)
                                    : pieces.object(from, entry.pieces().get(0)))
                    .ifPresent(steps::add));
        } else if (entry.type().isPresent()) {
            slots.put(slot, pieces.tensor(from, entry));
        } else {
            slots.put(slot, null);
        }
    }

    private void addSettings(String name, Object value) {
        if (value instanceof PickleSequence groups && groups.items().stream().anyMatch(Map.class::isInstance)) {
            groups.items().forEach(group -> addSettings(name, group));
        } else if (value instanceof Map<?, ?> group) {
            group.forEach((key, setting) -> addSettings(name + "." + key, setting));
        } else {
            String key = name.substring(name.lastIndexOf('.') + 1);
            settings.putIfAbsent(key, value);
            if (key.equals("step")) {
                count(value).ifPresent(steps::add);
            }
            if (key.equals("betas")
                    && value instanceof PickleSequence betas
                    && betas.items().size() >= 2
                    && betas.items().get(1) instanceof Number decay) {
                decays.add(decay.doubleValue());
            }
        }
    }

    OptimizerState read() {
        if (state.isEmpty()) {
            throw refused(
                    buckets
                            ? "it holds Megatron's optimizer as flat buckets of one layout; save it fully sharded or"
                                    + " reshardable, by parameter (--dist-ckpt-optim-fully-reshardable)"
                            : "it holds no optimizer state; give the folder that the optimizer was saved in");
        }
        objects.stream().limit(MOST_OBJECTS).forEach(Runnable::run);
        objects.clear();
        common();
        TreeSet<String> keys = new TreeSet<>();
        state.values().forEach(slots -> keys.addAll(slots.keySet()));
        TorchOptimizerKind kind = TorchOptimizerKind.of(keys, settings)
                .filter(found -> found.isPlain(keys))
                .orElseThrow(() -> refused(TorchOptimizerKind.whyNot(keys, settings)));
        List<Slot> slots = new ArrayList<>();
        state.forEach((parameter, kept) -> slots.add(slot(kind, parameter, kept)));
        if (slots.stream().noneMatch(slot -> slot.accumulator().isPresent())) {
            throw refused("no parameter has '" + kind.slot() + "'");
        }
        List<String> notes = new ArrayList<>();
        return new OptimizerState(facts(kind, notes), slots, notes);
    }

    private Slot slot(TorchOptimizerKind kind, String parameter, Map<String, Tensor> kept) {
        if (kept.containsKey(kind.slot()) && kept.get(kind.slot()) == null) {
            throw refused("'" + kind.slot() + "' of '" + parameter + "' is no tensor of numbers that can be read");
        }
        boolean number = parameter.chars().allMatch(Character::isDigit);
        return new Slot(
                parameter,
                0,
                false,
                number ? Optional.empty() : Optional.of(parameter),
                Optional.ofNullable(kept.get(kind.slot())));
    }

    private Accumulator facts(TorchOptimizerKind kind, List<String> notes) {
        Accumulator.Builder facts =
                Accumulator.newBuilder().setOptimizer(kind.optimizer()).setSlot(kind.slot());
        if (decays.size() > 1) {
            notes.add("the parameter groups have different decays " + decays);
        } else {
            kind.decay(settings).ifPresent(facts::setDecay);
        }
        if (!steps.isEmpty()) {
            facts.setStep(steps.last()).setStepSource("file");
        }
        if (steps.size() > 1) {
            notes.add("parameters were stepped " + steps.first() + " to " + steps.last() + " times");
        }
        return facts.build();
    }

    /** What Megatron saves once for all ranks: the optimizer's groups are somewhere in it. */
    private void common() {
        Path common = folder.resolve("common.pt");
        if (settings.isEmpty() && Files.isRegularFile(common)) {
            try (TorchFile file = TorchFile.open(common)) {
                findGroups(file.root(), 0);
            }
        }
    }

    private void findGroups(Object value, int depth) {
        if (depth < 6 && value instanceof Map<?, ?> map) {
            map.forEach((key, inner) -> {
                if ("param_groups".equals(key)) {
                    addSettings("param_groups", inner);
                } else {
                    findGroups(inner, depth + 1);
                }
            });
        }
    }

    private static Optional<Long> count(Object value) {
        if (value instanceof Tensor tensor && tensor.size() == 1) {
            return Optional.of(tensor.toLongs()[0]);
        }
        return value instanceof Number number ? Optional.of(number.longValue()) : Optional.empty();
    }

    private SquisherException refused(String why) {
        return new SquisherException("cannot convert '" + path + "': " + why);
    }
}
