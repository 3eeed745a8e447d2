package io.squisher.apps.topk;

import io.squisher.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** Where a share of coordinates is counted. */
public enum Scope {
    /** Over all parameters together: layers compete. */
    GLOBAL,
    /** In each tensor for itself. */
    LAYER;

    /** The scores that compete with each other. */
    public List<Map<String, Tensor>> groups(Map<String, Tensor> scores) {
        return this == GLOBAL
                ? List.of(scores)
                : scores.entrySet().stream()
                        .map(entry -> Map.of(entry.getKey(), entry.getValue()))
                        .toList();
    }
}
