package io.squisher.apps.cli.model;

import io.squisher.SquisherException;
import io.squisher.apps.cli.option.Quoted;
import java.util.LinkedHashMap;
import java.util.Map;

/** Axes of inputs and outputs by name, as a user writes them: {@code x=1,h=0}. */
final class NamedAxes {
    private static final String FORM = "NAME=AXIS, several between commas, such as x=1,state=1";

    private NamedAxes() {}

    /**
     * Reads them.
     *
     * @throws SquisherException if the text has another form, or says two things of one name
     */
    static Map<String, Integer> parse(String text) {
        Map<String, Integer> axes = new LinkedHashMap<>();
        for (String part : text.split(",", -1)) {
            int equals = part.lastIndexOf('=');
            String number = part.substring(equals + 1).strip();
            if (equals < 1 || !number.matches("-?[0-9]{1,3}")) {
                throw new SquisherException("takes " + FORM + ", not " + Quoted.of(part));
            }
            String name = part.substring(0, equals).strip();
            if (axes.put(name, Integer.parseInt(number)) != null) {
                throw new SquisherException("'" + name + "' has two axes in '" + text + "'");
            }
        }
        return axes;
    }
}
