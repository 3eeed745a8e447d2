package io.squisher.format.keras;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Names for the variables of the older container as the newer one's have them, so that a model has the same names however it was saved:
 * they begin with the layer of the outermost model. The older container has the model before it ({@code sequential/dense/kernel}, in Keras
 * 3 and where a model was built late) or leaves out a model inside ({@code dense/kernel} for {@code inner/dense/kernel}).
 */
final class LegacyKerasNames {
    /** Keras 2 numbers the cells of recurrent layers through the program. */
    private static final Pattern CELL = Pattern.compile("/((?:lstm|gru|simple_rnn|conv_lstm)_cell)_\\d+/(?=[^/]+$)");

    private final Map<String, String> names = new LinkedHashMap<>();

    /** Adds a variable under its stored name. */
    void add(String layer, String stored) {
        int at = ("/" + stored).indexOf("/" + layer + "/");
        names.put(stored, at >= 0 ? stored.substring(at) : layer + "/" + stored);
    }

    /** Names by stored names; where two variables would be called alike, both keep what they have. */
    Map<String, String> byStored() {
        names.replaceAll((stored, name) -> name.equals(stored) ? name : unique(stored, name));
        Map<String, String> plain = new LinkedHashMap<>(names);
        plain.replaceAll((stored, name) -> CELL.matcher(name).replaceFirst("/$1/"));
        Map<String, Integer> counts = new HashMap<>();
        plain.values().forEach(name -> counts.merge(name, 1, Integer::sum));
        plain.replaceAll((stored, name) -> counts.get(name) == 1 ? name : names.get(stored));
        return plain;
    }

    private String unique(String stored, String name) {
        return names.values().stream().filter(name::equals).count() == 1 ? name : stored;
    }
}
