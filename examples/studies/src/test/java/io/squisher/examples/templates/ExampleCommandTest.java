package io.squisher.examples.templates;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ExampleCommandTest {
    private static final Path TEMPLATES = Path.of("../templates");
    private static final Pattern COMMAND = Pattern.compile("(?m)^    mvn .* -Dexec\\.args=\"(.*)\"$");

    /** Needs a sentence encoder of 90 MB, which no installation has. */
    private static final String APART = "text-tasks";

    @TempDir
    Path folder;

    static List<Template> all() {
        return Template.ALL;
    }

    @Test
    void everyTemplateIsListed() throws IOException {
        List<String> folders;
        try (Stream<Path> beside = Files.list(TEMPLATES)) {
            folders = beside.filter(place -> Files.exists(place.resolve("pom.xml")))
                    .map(place -> place.getFileName().toString())
                    .filter(name -> !name.equals(APART))
                    .sorted()
                    .toList();
        }
        assertEquals(folders, Template.ALL.stream().map(Template::name).toList());
        Run run = Run.of("example");
        assertEquals(0, run.exitCode());
        folders.forEach(name -> assertTrue(run.out().contains(name), name));
    }

    @ParameterizedTest
    @MethodSource("all")
    void takesWhatItsReadmeGives(Template template) throws Exception {
        Matcher command = COMMAND.matcher(
                Files.readString(TEMPLATES.resolve(template.name()).resolve("README.md")));
        assertTrue(command.find());
        template.check(List.of(command.group(1).split(" ")));
        assertTrue(Class.forName(template.mainClass()).getMethod("main", String[].class) != null);
    }

    @ParameterizedTest
    @MethodSource("all")
    void helpTrainsNothing(Template template) {
        Path output = folder.resolve("out");
        for (String[] line : new String[][] {
            {"example", template.name(), "--help"}, {"example", template.name(), output.toString(), "-h"}
        }) {
            Run run = Run.of((Object[]) line);
            assertEquals(0, run.exitCode());
            assertTrue(run.out().contains("squisher example " + template.name()), run.out());
        }
        assertFalse(Files.exists(output));
    }

    @ParameterizedTest
    @MethodSource("all")
    void wrongArgumentsGiveTheUsage(Template template) {
        List<Object> many = new ArrayList<>(List.of("example", template.name()));
        template.arguments().forEach(argument -> many.add("1"));
        many.add("1");
        Run run = Run.of(many.toArray());
        assertEquals(2, run.exitCode());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(run.err().contains(template.name() + " takes " + template.usage() + ", not "), run.err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "training-loop FOLDER many | STEPS takes a whole number from 1 to 2147483647, not 'many'",
                "training-loop FOLDER 0 | STEPS takes",
                "training-loop FILE | FOLDER must be a folder, and",
                "any-optimizer FOLDER Lion | OPTIMIZER takes one of AdaDelta,",
                "gpu-training FOLDER -- -1 | GPU takes",
                "checkpoint-to-merge FILE FILE FILE | OUT must be a new file, and",
                "onnx-fisher FILE | takes MODEL DATA OUT, not 1 arguments",
                "text-fine-tuning FOLDER FILE FILE | takes [FOLDER [MODEL TOKENIZER TRAINING TEST]], not 3 arguments",
                "traning-loop | did you mean 'training-loop'?"
            })
    void saysWhatIsWrong(String line, String expected) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "A file.");
        List<Object> words = new ArrayList<>(List.of("example"));
        for (String word : line.strip().split(" ")) {
            words.add(word.equals("FILE") ? file : word.equals("FOLDER") ? folder.resolve("out") : (Object) word);
        }
        Run run = Run.of(words.toArray());
        assertEquals(2, run.exitCode(), run.err());
        assertTrue(run.err().contains(expected), run.err());
        assertFalse(Files.exists(folder.resolve("out")));
    }

    @Test
    void runsOne() {
        Path output = folder.resolve("out");
        Run run = Run.of("example", "training-loop", output, "3");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(Files.exists(output.resolve("model.squisher.safetensors")));
    }
}
