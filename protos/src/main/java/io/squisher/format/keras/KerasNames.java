package io.squisher.format.keras;

import java.util.ArrayList;
import java.util.List;

/** Lists of names in attributes. */
final class KerasNames {
    private KerasNames() {}

    /** A list that is split into {@code name0}, {@code name1}, … where it was too long for one attribute. */
    static List<String> list(KerasStore file, String group, String name) {
        List<String> whole = file.attributes(group, name);
        if (!whole.isEmpty()) {
            return whole;
        }
        List<String> joined = new ArrayList<>();
        for (int i = 0; ; i++) {
            List<String> part = file.attributes(group, name + i);
            if (part.isEmpty()) {
                return joined;
            }
            joined.addAll(part);
        }
    }

    /** TensorFlow's names of variables end in the number of the operation's output: {@code dense/kernel:0}. */
    static String withoutOutput(String name) {
        return name.endsWith(":0") ? name.substring(0, name.length() - 2) : name;
    }
}
