package io.squisher.onnx.data;

import io.squisher.SquisherException;
import io.squisher.Suggestions;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonElement;
import io.squisher.internal.gson.JsonParseException;
import io.squisher.internal.gson.JsonParser;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.StringStringEntryProto;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What the classes of a classifier are called: by number of the class, from 0. A model keeps them as metadata. */
public final class ClassNames {
    /** The key of the model's metadata; the value is a JSON array. */
    public static final String METADATA = "squisher.classes";

    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,5}");
    private static final int SHOWN = 5;

    private final List<String> names;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final boolean areNumbers;

    private ClassNames(List<String> names) {
        this.names = List.copyOf(names);
        for (int i = 0; i < names.size(); i++) {
            numbers.put(names.get(i), i);
        }
        this.areNumbers = names.stream().allMatch(name -> NUMBER.matcher(name).matches());
    }

    /** Classes with these names, in this order. */
    public static ClassNames of(List<String> names) {
        return new ClassNames(names);
    }

    /**
     * The classes of labels: where all are whole numbers they are those of the classes, from 0 to the largest; other labels are
     * numbered in the order of their characters.
     */
    public static ClassNames ofLabels(Collection<String> labels) {
        if (labels.stream().allMatch(label -> NUMBER.matcher(label).matches())) {
            int largest = labels.stream().mapToInt(Integer::parseInt).max().orElse(-1);
            List<String> names = new ArrayList<>();
            for (int i = 0; i <= largest; i++) {
                names.add(Integer.toString(i));
            }
            return new ClassNames(names);
        }
        return new ClassNames(List.copyOf(new TreeSet<>(labels)));
    }

    /** The names that a model keeps; empty where it has none. */
    public static Optional<ClassNames> of(OnnxFile model) {
        return model.model().getMetadataPropsList().stream()
                .filter(entry -> entry.getKey().equals(METADATA))
                .findFirst()
                .map(entry -> {
                    List<String> names = new ArrayList<>();
                    try {
                        for (JsonElement name :
                                JsonParser.parseString(entry.getValue()).getAsJsonArray()) {
                            names.add(name.getAsString());
                        }
                    } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) {
                        throw new SquisherException(
                                "the metadata '" + METADATA + "' of '" + model.path() + "' is no JSON array of names",
                                e);
                    }
                    return new ClassNames(names);
                });
    }

    /** The model with these names as its metadata, in place of others; names that are the numbers say nothing, and are not kept. */
    public OnnxFile keptIn(OnnxFile model) {
        ModelProto.Builder named = model.model().toBuilder().clearMetadataProps();
        model.model().getMetadataPropsList().stream()
                .filter(entry -> !entry.getKey().equals(METADATA))
                .forEach(named::addMetadataProps);
        if (!areNumbers) {
            JsonArray array = new JsonArray();
            names.forEach(array::add);
            named.addMetadataProps(
                    StringStringEntryProto.newBuilder().setKey(METADATA).setValue(array.toString()));
        }
        return new OnnxFile(model.path(), named.build());
    }

    /** By number. */
    public List<String> names() {
        return names;
    }

    /** How many there are. */
    public int count() {
        return names.size();
    }

    /** Whether the names are the numbers of the classes. */
    public boolean areNumbers() {
        return areNumbers;
    }

    /**
     * The number of the class that a label names. Where classes have words for names, a label may be a number as well.
     *
     * @param where the label stands, for messages
     * @throws SquisherException if it is none of them
     */
    public int number(String label, String where) {
        Integer number = numbers.get(label);
        if (number != null) {
            return number;
        }
        if (NUMBER.matcher(label).matches()) {
            // Whether there are so many classes shows by the model's output.
            return Integer.parseInt(label);
        }
        throw new SquisherException(where + " has the label '" + label + "', which is none of the "
                + names.size() + " classes " + shown() + Suggestions.didYouMean(label, names)
                + "; leave such lines out, or train with examples of that class");
    }

    private String shown() {
        return names.size() <= SHOWN ? names.toString() : names.subList(0, SHOWN) + " and more";
    }

    @Override
    public String toString() {
        return shown();
    }
}
