package io.squisher.apps.mask;

import io.squisher.SquisherException;
import io.squisher.Version;
import io.squisher.apps.mask.MaskOptions.HeadCount;
import io.squisher.apps.topk.Scope;
import io.squisher.apps.topk.Scoring;
import io.squisher.apps.topk.Selection;
import io.squisher.apps.topk.TopK;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.internal.gson.JsonObject;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import io.squisher.weights.Role;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Plans the mask of the k parameters that score highest; k is exact, ties are broken reproducibly. */
public final class FishMask {
    /** Metadata key; the value is a JSON object. */
    static final String KEY = "squisher.mask";

    private FishMask() {}

    /**
     * Selects what is kept among the parameters of {@code diagonal}.
     *
     * @throws SquisherException if the excluded parameters leave nothing to select, or a score cannot be computed
     */
    public static MaskPlan plan(FisherDiagonal diagonal, Scoring scoring, MaskOptions options) {
        Map<String, Tensor> scores = new LinkedHashMap<>();
        Map<String, Tensor> masks = new LinkedHashMap<>();
        long excluded = 0;
        for (String name : diagonal.names()) {
            if (diagonal.role(name) != Role.PARAMETER) {
                continue;
            }
            Shape shape = diagonal.tensor(name).shape();
            // In the diagonal's order; those that are selected from get their mask below.
            masks.put(name, ones(shape));
            if (options.isExcluded(name)) {
                excluded += shape.size();
            } else {
                scores.put(name, scoring.of(name));
            }
        }
        if (scores.isEmpty()) {
            throw new SquisherException("cannot make a mask: no parameter is left to select from; see --exclude");
        }
        long kept = excluded;
        long total = excluded;
        for (Map<String, Tensor> group : options.scope().groups(scores)) {
            long size = group.values().stream().mapToLong(Tensor::size).sum();
            long keep = keep(options, size, excluded);
            Selection selection = TopK.select(group, keep);
            group.keySet().forEach(name -> masks.put(name, selection.keep(name)));
            kept += keep;
            total += size;
        }
        if (kept == excluded) {
            throw new SquisherException("cannot make a mask: the share " + options.keep() + " of " + (total - excluded)
                    + " parameters keeps none of them; keep more");
        }
        return new MaskPlan(masks, total, kept, excluded, metadata(scoring, options, kept, total), scoring.warnings());
    }

    private static long keep(MaskOptions options, long size, long excluded) {
        if (options.count() == HeadCount.OUTSIDE) {
            return Math.round(options.keep() * size);
        }
        if (options.scope() == Scope.LAYER) {
            throw new SquisherException("excluded parameters count inside the share only with --scope global");
        }
        long keep = (long) Math.floor(options.keep() * (size + excluded)) - excluded;
        if (keep <= 0) {
            throw new SquisherException("the excluded parameters (" + excluded + ") already exceed the share to keep, "
                    + options.keep() + " of " + (size + excluded) + "; keep more, or let them count outside");
        }
        return keep;
    }

    private static Tensor ones(Shape shape) {
        return new ComputedTensor(
                new TensorSpec(ElementType.U8, shape),
                List.of(),
                (start, count, inputs, output) -> java.util.Arrays.fill(output, 0, count, 1));
    }

    private static Map<String, String> metadata(Scoring scoring, MaskOptions options, long kept, long total) {
        JsonObject json = new JsonObject();
        json.addProperty("method", scoring.name());
        scoring.variant().forEach(json::addProperty);
        json.addProperty("keep", options.keep());
        json.addProperty("scope", options.scope().name().toLowerCase(java.util.Locale.ROOT));
        options.exclude().ifPresent(pattern -> {
            json.addProperty("exclude", pattern.pattern());
            json.addProperty("excluded_count", options.count().name().toLowerCase(java.util.Locale.ROOT));
        });
        json.addProperty("kept", kept);
        json.addProperty("total", total);
        json.addProperty("tool_version", Version.text());
        return Map.of(KEY, json.toString());
    }
}
