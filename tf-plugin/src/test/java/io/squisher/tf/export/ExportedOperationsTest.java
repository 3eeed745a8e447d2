package io.squisher.tf.export;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.tf.export.rules.StandardRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.tensorflow.internal.c_api.global.tensorflow;

/** The document's lists of operations: what is exported, and what is not though TensorFlow can train through it. */
class ExportedOperationsTest {
    private static final Path PAGE = Path.of("../docs/tensorflow.md");

    /** The words in code of the paragraphs from {@code start} to the next heading of bold. */
    private static Set<String> listed(String start) throws IOException {
        String page = Files.readString(PAGE);
        int from = page.indexOf(start) + start.length();
        int to = page.indexOf("\n**", from);
        Set<String> words = new TreeSet<>();
        Matcher code = Pattern.compile("`(\\w+)`").matcher(page.substring(from, to < 0 ? page.length() : to));
        while (code.find()) {
            words.add(code.group(1));
        }
        return words;
    }

    @Test
    void theDocumentListsWhatIsExported() throws IOException {
        Set<String> rules = new TreeSet<>(StandardRules.operationTypes());
        rules.remove("Placeholder"); // whose rule is its refusal
        assertEquals(rules, listed("**Operations that are exported.**"));
    }

    @Test
    void whatHasAGradientIsExportedOrListedAsLacking() throws Exception {
        Set<String> lacking = withGradient();
        lacking.removeAll(StandardRules.operationTypes());
        lacking.remove("Const"); // evaluated before the export
        lacking.removeAll(Set.of("PartitionedCall", "StatefulPartitionedCall")); // replaced by the functions' bodies
        assertEquals(lacking, listed("**Operations that TensorFlow can train through and that are not exported.**"));
    }

    private static Set<String> withGradient() {
        return OutputLists.operationTypes().stream()
                .filter(tensorflow::TFJ_HasGradient)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
