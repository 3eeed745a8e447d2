package io.squisher.templates;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every template has, so that its folder is all that a reader must copy. */
class TemplateProjectsTest {
    private static final int MOST_LINES = 120;
    private static final int MOST_LINES_OF_POM = 40;
    private static final int MOST_LINES_OF_README = 12;

    static Stream<Path> templates() {
        return Templates.folders().stream();
    }

    @ParameterizedTest
    @MethodSource("templates")
    void aTemplateIsOneShortProgram(Path folder) {
        Path program = Templates.program(folder);
        assertTrue(lines(program) < MOST_LINES, program + " has " + lines(program) + " lines");
        assertTrue(lines(folder.resolve("pom.xml")) < MOST_LINES_OF_POM, "pom.xml");
        assertTrue(lines(folder.resolve("README.md")) < MOST_LINES_OF_README, "README.md");
    }

    @ParameterizedTest
    @MethodSource("templates")
    void aTemplateNeedsNoneOfTheSuitesFolders(Path folder) {
        String pom = Templates.text(folder.resolve("pom.xml"));
        assertFalse(pom.contains("<parent>"), folder + " has a parent");
        String program = Templates.program(folder).getFileName().toString().replace(".java", "");
        String mainClass = "io.squisher.templates." + folder.toString().replace("-", "") + "." + program;
        assertTrue(pom.contains("<exec.mainClass>" + mainClass + "</exec.mainClass>"), pom);
        for (Path source : Templates.sources(folder)) {
            String text = Templates.text(source);
            assertFalse(text.contains("import io.squisher.examples."), source + " uses the studies");
            assertFalse(text.contains(".internal."), source + " uses what is not for others");
        }
    }

    /** Templates have copies of one data set and one network: a reader who knows one knows all. */
    @ParameterizedTest
    @MethodSource("templates")
    void filesOfOneNameAreAlikeInAllTemplates(Path folder) {
        Map<String, String> here = texts(folder);
        for (Path other : Templates.folders()) {
            texts(other)
                    .forEach((name, text) -> assertEquals(here.getOrDefault(name, text), text, folder + ", " + other));
        }
    }

    /** The texts of all files, below their package lines. */
    private static Map<String, String> texts(Path folder) {
        Map<String, String> texts = new HashMap<>();
        for (Path source : Templates.sources(folder)) {
            String text = Templates.text(source);
            texts.put(source.getFileName().toString(), text.substring(text.indexOf('\n')));
        }
        return texts;
    }

    private static int lines(Path file) {
        return List.of(Templates.text(file).split("\n")).size();
    }
}
