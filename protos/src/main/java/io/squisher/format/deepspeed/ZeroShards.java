package io.squisher.format.deepspeed;

import io.squisher.checkpoint.OptimizerFamily;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.checkpoint.Slot;
import io.squisher.files.FormatException;
import io.squisher.files.Opening;
import io.squisher.format.pytorch.TorchFile;
import io.squisher.proto.Accumulator;
import io.squisher.tensor.ConcatenatedTensor;
import io.squisher.tensor.Shape;
import io.squisher.tensor.StridedTensor;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Optimizer states in one file for each data-parallel rank, stages 1 to 3 of ZeRO. */
final class ZeroShards implements DeepSpeedFolder.Shards {
    private static final Pattern OPTIMIZER =
            Pattern.compile("(?:bf16_)?zero_pp_rank_(\\d{1,6})_mp_rank_(\\d+)_optim_states\\.pt");
    private static final Pattern MODEL = Pattern.compile("(?:zero_pp_rank_0_)?mp_rank_\\d+_model_states\\.pt");
    private static final String SQUARES = "exp_avg_sq";

    private final Path folder;
    private final List<TorchFile> open = new ArrayList<>();
    private final List<Map<?, ?>> ranks = new ArrayList<>();
    private List<Object> shapes = List.of();

    private ZeroShards(Path folder) {
        this.folder = folder;
    }

    static boolean isOptimizerStates(Path file) {
        return OPTIMIZER.matcher(file.getFileName().toString()).matches();
    }

    static ZeroShards open(Path folder, List<Path> files) {
        try (Opening opening = new Opening()) {
            ZeroShards shards = opening.add(new ZeroShards(folder));
            shards.read(files);
            return opening.keep(shards);
        }
    }

    private void read(List<Path> files) {
        TreeMap<Integer, Path> byRank = new TreeMap<>();
        for (Path file : files) {
            Matcher matcher = OPTIMIZER.matcher(file.getFileName().toString());
            if (matcher.matches()) {
                if (Integer.parseInt(matcher.group(2)) > 0) {
                    throw FormatException.unsupported(
                            folder,
                            DeepSpeedFolder.FORMAT,
                            "model parallelism; make a universal checkpoint of it first");
                }
                byRank.put(Integer.valueOf(matcher.group(1)), file);
            } else if (MODEL.matcher(file.getFileName().toString()).matches() && shapes.isEmpty()) {
                shapes = TorchValues.list(TorchValues.map(root(file)).get("param_shapes"));
            }
        }
        for (Path file : byRank.values()) {
            ranks.add(TorchValues.map(TorchValues.map(root(file)).get("optimizer_state_dict")));
        }
        if (shapes.isEmpty()) {
            throw bad("no file of model states with param_shapes beside the optimizer states");
        }
        Object count = ranks.get(0).get("partition_count");
        long expected = TorchValues.list(count).stream()
                .mapToLong(item -> TorchValues.number(item).orElse(0L))
                .max()
                .orElse(TorchValues.number(count).orElse((long) ranks.size()));
        if (expected != ranks.size() || byRank.lastKey() != ranks.size() - 1) {
            throw bad("the files of " + ranks.size() + " ranks are here, " + expected + " are needed");
        }
    }

    private Object root(Path file) {
        TorchFile torch = TorchFile.open(file);
        open.add(torch);
        return torch.root();
    }

    @Override
    public OptimizerState optimizer() {
        Accumulator.Builder facts =
                Accumulator.newBuilder().setOptimizer("Adam").setSlot(SQUARES);
        long stage = TorchValues.number(ranks.get(0).get("zero_stage")).orElse(0L);
        List<Slot> slots = new ArrayList<>();
        if (stage == 3) {
            stage3(facts, slots);
        } else {
            stage2(facts, slots);
        }
        return new OptimizerState(
                facts.build(), slots, List.of("put together from " + ranks.size() + " ranks, stage " + stage));
    }

    /** Stages 1 and 2: per group, the pieces of all ranks after one another are all parameters after one another. */
    private void stage2(Accumulator.Builder facts, List<Slot> slots) {
        for (int group = 0; group < shapes.size(); group++) {
            List<Tensor> pieces = new ArrayList<>();
            for (Map<?, ?> rank : ranks) {
                Object base = rank.get("base_optimizer_state");
                Map<?, ?> state;
                if (base instanceof Map<?, ?> torch) {
                    TorchValues.settings(facts, torch);
                    state = TorchValues.map(TorchValues.map(torch.get("state")).get((long) group));
                } else {
                    List<Object> groups = TorchValues.list(base);
                    state = TorchValues.map(group < groups.size() ? groups.get(group) : null);
                }
                step(facts, state);
                checkFamily(facts, state, base);
                pieces.add(flat(state, group));
            }
            Tensor all = joined(pieces);
            long at = 0;
            for (Map.Entry<String, Shape> parameter :
                    parameters(shapes.get(group)).entrySet()) {
                long size = parameter.getValue().size();
                slots.add(named(parameter, part(all, at, size, parameter.getKey())));
                at += size;
            }
        }
    }

    /** Stage 3: each rank has its piece of every parameter, in one flat tensor cut into sub-groups. */
    private void stage3(Accumulator.Builder facts, List<Slot> slots) {
        List<Tensor> flat = new ArrayList<>();
        for (Map<?, ?> rank : ranks) {
            Map<?, ?> torch = TorchValues.map(rank.get("optimizer_state_dict"));
            TorchValues.settings(facts, torch);
            Map<?, ?> states = TorchValues.map(torch.get("state"));
            List<Tensor> groups = new ArrayList<>();
            for (long group = 0; states.containsKey(group); group++) {
                Map<?, ?> state = TorchValues.map(states.get(group));
                step(facts, state);
                checkFamily(facts, state, torch);
                groups.add(flat(state, (int) group));
            }
            if (groups.isEmpty()) {
                throw bad("a rank has no optimizer state");
            }
            flat.add(joined(groups));
        }
        Map<String, Shape> all = new LinkedHashMap<>();
        shapes.forEach(group -> all.putAll(parameters(group)));
        long at = 0;
        for (Map.Entry<String, Shape> parameter : all.entrySet()) {
            long size = parameter.getValue().size();
            long share = (size + ranks.size() - 1) / ranks.size();
            List<Tensor> pieces = new ArrayList<>();
            for (Tensor rank : flat) {
                pieces.add(part(rank, at, share, parameter.getKey()));
            }
            slots.add(named(parameter, part(joined(pieces), 0, size, parameter.getKey())));
            at += share;
        }
    }

    /** Refuses what is not of Adam's family; an entry without squares is refused where they are read. */
    private void checkFamily(Accumulator.Builder facts, Map<?, ?> state, Object optimizer) {
        if (state.containsKey(SQUARES)) {
            Set<String> keys = state.keySet().stream().map(String::valueOf).collect(Collectors.toSet());
            facts.setOptimizer(label(TorchValues.family(folder, keys, optimizer)));
        }
    }

    /** DeepSpeed's own Adam has none of the settings by which PyTorch's are told apart. */
    private static String label(OptimizerFamily family) {
        boolean adam = family == OptimizerFamily.ADAM_LIKE || family == OptimizerFamily.SPARSE_ADAM;
        return adam ? OptimizerFamily.ADAM.label() : family.label();
    }

    private static void step(Accumulator.Builder facts, Map<?, ?> state) {
        if (!facts.hasStep()) {
            TorchValues.number(state.get("step"))
                    .ifPresent(step -> facts.setStep(step).setStepSource("file"));
        }
    }

    private Tensor flat(Map<?, ?> state, int group) {
        if (state.get(SQUARES) instanceof Tensor tensor && tensor.shape().rank() == 1) {
            return tensor;
        }
        throw bad("group " + group + " of a rank has no flat " + SQUARES);
    }

    private Tensor joined(List<Tensor> pieces) {
        try {
            return new ConcatenatedTensor(pieces, 0);
        } catch (IllegalArgumentException e) {
            throw bad("the accumulators of the ranks differ: " + e.getMessage());
        }
    }

    private Tensor part(Tensor flat, long at, long size, String name) {
        if (at > flat.size() - size) {
            throw bad("the accumulators end before those of '" + name + "'");
        }
        return StridedTensor.slice(flat, 0, at, size);
    }

    private static Slot named(Map.Entry<String, Shape> parameter, Tensor flat) {
        return Slot.named(parameter.getKey(), StridedTensor.reshaped(flat, parameter.getValue()));
    }

    private Map<String, Shape> parameters(Object group) {
        Map<String, Shape> parameters = new LinkedHashMap<>();
        TorchValues.map(group).forEach((name, size) -> {
            try {
                long[] dims = TorchValues.list(size).stream()
                        .mapToLong(dim -> TorchValues.number(dim).orElse(-1L))
                        .toArray();
                parameters.put(String.valueOf(name), Shape.of(dims));
            } catch (IllegalArgumentException e) {
                throw bad("'" + name + "': " + e.getMessage());
            }
        });
        return parameters;
    }

    private FormatException bad(String detail) {
        return FormatException.bad(folder, DeepSpeedFolder.FORMAT, detail);
    }

    @Override
    public void close() {
        open.forEach(TorchFile::close);
    }
}
