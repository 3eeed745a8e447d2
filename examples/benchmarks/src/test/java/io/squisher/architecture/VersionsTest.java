package io.squisher.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One version everywhere: in the reactor, in the templates, which are copied without it, in the bill of materials and in documents. */
class VersionsTest {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final Pattern OURS = Pattern.compile(
            "<groupId>io\\.squisher</groupId>\\s*<artifactId>[\\w-]+</artifactId>\\s*<version>([^<$]+)</version>");
    private static final Pattern LIBRARY =
            Pattern.compile("<artifactId>([\\w.-]+)</artifactId>\\s*<version>([^<$]+)</version>");

    private static String text(String file) {
        try {
            return Files.readString(ROOT.resolve(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String version() {
        Matcher own = OURS.matcher(text("pom.xml"));
        assertTrue(own.find(), "the root POM has no version");
        return own.group(1);
    }

    private static List<Path> poms() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.endsWith("pom.xml"))
                    .map(ROOT::relativize)
                    .filter(file -> !file.toString().contains("target") && !file.startsWith(".git"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void everyPomNamesTheVersionOfTheReactor() throws IOException {
        List<String> others = new ArrayList<>();
        int named = 0;
        for (Path pom : poms()) {
            Matcher ours = OURS.matcher(text(pom.toString()));
            while (ours.find()) {
                named++;
                if (!ours.group(1).equals(version())) {
                    others.add(pom + ": " + ours.group(1));
                }
            }
        }
        assertEquals(List.of(), others, "the reactor is " + version());
        assertTrue(named > 20, named + " versions were seen");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tensorflow.version",
                "tensorflow-framework.version",
                "ndarray.version",
                "onnxruntime.version",
                "tokenizers.version"
            })
    void theBillOfMaterialsHasTheLibrariesOfTheBuild(String property) {
        Pattern value = Pattern.compile("<" + Pattern.quote(property) + ">([^<]+)<");
        Matcher root = value.matcher(text("pom.xml"));
        Matcher bom = value.matcher(text("bom/pom.xml"));
        assertTrue(root.find() && bom.find(), property);
        assertEquals(root.group(1), bom.group(1), property);
    }

    /** A library or plugin that the root POM names has its version there. */
    @Test
    void templatesAndBillOfMaterialsTakeTheSameLibraries() throws IOException {
        Map<String, String> root = new TreeMap<>();
        LIBRARY.matcher(text("pom.xml")).results().forEach(found -> root.put(found.group(1), found.group(2)));
        List<String> others = new ArrayList<>();
        for (Path pom : poms()) {
            if (pom.startsWith("examples/templates") || pom.startsWith("bom")) {
                LIBRARY.matcher(text(pom.toString()))
                        .results()
                        .filter(found -> root.containsKey(found.group(1)))
                        .filter(found -> !root.get(found.group(1)).equals(found.group(2)))
                        .forEach(found -> others.add(pom + ": " + found.group(1) + " " + found.group(2)));
            }
        }
        assertEquals(List.of(), others);
    }

    @ParameterizedTest
    @ValueSource(strings = {"docs/library.md", "docs/install.md", "docs/templates.md", "CITATION.cff"})
    void documentsNameTheVersion(String document) {
        assertTrue(text(document).contains(version()), document + " does not name " + version());
    }
}
