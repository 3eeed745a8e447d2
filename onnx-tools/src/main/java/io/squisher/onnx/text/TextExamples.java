package io.squisher.onnx.text;

import io.squisher.onnx.data.ClassNames;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.data.PlacedRows;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Texts that were read, as examples of one length or of several. */
public final class TextExamples {
    private final LabelledTokens read;
    private final Arrays arrays;
    private final TokenLengths lengths;
    private final Optional<ClassNames> classes;

    /** What the arrays are made of: {@code labels} is {@code [N]}, if there are any, {@code pad} the token that fills up. */
    record Arrays(TokenInputs inputs, String name, Optional<Tensor> labels, int pad) {}

    TextExamples(LabelledTokens read, Arrays arrays, TokenLengths lengths, Optional<ClassNames> classes) {
        this.read = read;
        this.arrays = arrays;
        this.lengths = lengths;
        this.classes = classes;
    }

    /** What the labels are called, where they are classes. */
    public Optional<ClassNames> classes() {
        return classes;
    }

    /** All texts in the order of the file, filled up to one length. */
    public Examples whole() {
        int longest = 0;
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < read.count(); i++) {
            all.add(i);
            longest = Math.max(longest, read.texts().get(i).count());
        }
        return examples(all, lengths.of(longest), "");
    }

    /** The same texts by length, the short ones first: less is computed. Within a set they keep their order. */
    public Examples[] sets() {
        Map<Integer, List<Integer>> byLength = new TreeMap<>();
        for (int i = 0; i < read.count(); i++) {
            byLength.computeIfAbsent(lengths.of(read.texts().get(i).count()), length -> new ArrayList<>())
                    .add(i);
        }
        List<Examples> sets = new ArrayList<>();
        byLength.forEach((length, texts) ->
                sets.add(examples(texts, length, byLength.size() > 1 ? ", texts of up to " + length + " tokens" : "")));
        return sets.toArray(new Examples[0]);
    }

    private Examples examples(List<Integer> chosen, int length, String which) {
        List<Tokens> texts = chosen.stream().map(read.texts()::get).toList();
        Map<String, Tensor> all = new LinkedHashMap<>();
        arrays.inputs()
                .kinds()
                .forEach((input, kind) -> all.put(input, new TokenArray(kind, texts, length, arrays.pad())));
        arrays.labels().ifPresent(labels -> all.put(arrays.name(), labels(chosen, labels)));
        List<PlacedRows> places = new ArrayList<>();
        chosen.forEach(text -> PlacedRows.add(places, read.file(text), read.line(text)));
        return Examples.of(read.file(0) + which, all).placed(places);
    }

    private static Tensor labels(List<Integer> chosen, Tensor all) {
        double[] labels = all.toDoubles();
        Shape shape = Shape.of(chosen.size());
        if (all.type().isFloating()) {
            float[] numbers = new float[chosen.size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = (float) labels[chosen.get(i)];
            }
            return Tensor.of(shape, numbers);
        }
        return Tensor.of(
                shape, chosen.stream().mapToLong(text -> (long) labels[text]).toArray());
    }
}
