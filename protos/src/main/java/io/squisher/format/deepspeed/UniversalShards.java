package io.squisher.format.deepspeed;

import io.squisher.checkpoint.OptimizerState;
import io.squisher.checkpoint.Slot;
import io.squisher.files.FormatException;
import io.squisher.format.pytorch.TorchFile;
import io.squisher.proto.Accumulator;
import io.squisher.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A folder per parameter, which is named as the parameter. */
final class UniversalShards implements DeepSpeedFolder.Shards {
    static final String SQUARES = "exp_avg_sq.pt";

    private final Path zero;
    private final List<TorchFile> open = new ArrayList<>();

    UniversalShards(Path zero) {
        this.zero = zero;
    }

    @Override
    public OptimizerState optimizer() {
        List<Slot> slots = new ArrayList<>();
        Accumulator.Builder facts =
                Accumulator.newBuilder().setOptimizer("Adam").setSlot("exp_avg_sq");
        Path common = zero.resolve("optimizer_state.pt");
        Object settings = Files.exists(common) ? read(common) : Map.of();
        for (Path folder : DeepSpeedFolder.list(zero)) {
            if (!Files.exists(folder.resolve(SQUARES))) {
                continue;
            }
            TorchValues.family(zero, kept(folder), settings);
            slots.add(Slot.named(folder.getFileName().toString(), only(folder.resolve(SQUARES))));
            Path step = folder.resolve("step.pt");
            if (!facts.hasStep() && Files.exists(step)) {
                TorchValues.number(read(step))
                        .ifPresent(number -> facts.setStep(number).setStepSource("file"));
            }
        }
        TorchValues.settings(facts, settings);
        return new OptimizerState(facts.build(), slots, List.of());
    }

    /** What the optimizer keeps for a parameter: a file each, beside the parameter itself. */
    private static Set<String> kept(Path folder) {
        return DeepSpeedFolder.list(folder).stream()
                .map(file -> file.getFileName().toString())
                .filter(name -> name.endsWith(".pt") && !name.equals("fp32.pt"))
                .map(name -> name.substring(0, name.length() - 3))
                .collect(Collectors.toSet());
    }

    /** The one tensor in a file, alone or under {@code param}. */
    private Tensor only(Path file) {
        Object root = read(file);
        Object value = root instanceof Map<?, ?> map ? map.get("param") : root;
        if (value instanceof Tensor tensor) {
            return tensor;
        }
        throw FormatException.bad(file, DeepSpeedFolder.FORMAT, "no tensor in it");
    }

    private Object read(Path file) {
        TorchFile torch = TorchFile.open(file);
        open.add(torch);
        return torch.root();
    }

    @Override
    public void close() {
        open.forEach(TorchFile::close);
    }
}
