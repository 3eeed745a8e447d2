package io.squisher.onnx.training;

import io.squisher.onnx.fisher.labels.LabelArray;
import io.squisher.tensor.ElementType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Classes of which there is no example to learn from: a head that is too large, or a folder without images, mostly. */
final class EmptyClasses {
    private static final int ROWS = 1024;
    private static final int SHOWN = 5;
    private static final int MOST_CLASSES = 100_000;

    private EmptyClasses() {}

    /** What the user should know; empty where each class has an example, or labels are no numbers of classes. */
    static Optional<String> of(ShapedModel model, Map<TrainingData, LabelArray> labels, List<TrainingData> training) {
        if (model.classes().isEmpty() || model.classes().getAsLong() > MOST_CLASSES) {
            return Optional.empty();
        }
        long classes = model.classes().getAsLong();
        boolean[] seen = new boolean[(int) classes];
        for (TrainingData data : training) {
            for (int from = 0; from < data.count(); from += ROWS) {
                int rows = Math.min(ROWS, data.count() - from);
                for (long label :
                        labels.get(data).batch(from, rows, ElementType.I64).toLongs()) {
                    seen[(int) label] = true;
                }
            }
        }
        List<Integer> empty = new ArrayList<>();
        for (int i = 0; i < seen.length; i++) {
            if (!seen[i]) {
                empty.add(i);
            }
        }
        return empty.isEmpty()
                ? Optional.empty()
                : Optional.of(empty.size() + " of " + classes + " classes have no example in the training data: "
                        + empty.subList(0, Math.min(SHOWN, empty.size())) + (empty.size() > SHOWN ? " and more" : "")
                        + "; the model learns never to answer them");
    }
}
