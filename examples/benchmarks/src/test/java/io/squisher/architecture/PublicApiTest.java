package io.squisher.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What is public API: the packages whose documentation says so. All others are internal. Whoever uses an entry class meets
 * public types alone.
 */
@AnalyzeClasses(
        packages = "io.squisher",
        importOptions = {ImportOption.DoNotIncludeTests.class, OwnClasses.class})
class PublicApiTest {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

    /** The words in a package's documentation. */
    private static final String MARK = "Public API.";

    /** Generated from the schema of provenance, and so without documentation of its own. */
    private static final String GENERATED = "io.squisher.proto";

    private static final Set<String> ENTRY_PACKAGES = Set.of(
            "io.squisher.onnx",
            "io.squisher.onnx.training",
            "io.squisher.apps",
            "io.squisher.tf.checkpoint",
            "io.squisher.fisher");

    @ArchTest
    static void signaturesOfEntryClassesNamePublicTypesAlone(JavaClasses classes) {
        Set<String> packages = publicPackages();
        assertTrue(packages.containsAll(ENTRY_PACKAGES), () -> packages.toString());
        List<String> leaks = new ArrayList<>();
        int seen = 0;
        for (JavaClass type : classes) {
            if (!ENTRY_PACKAGES.contains(type.getPackageName())
                    || !type.getModifiers().contains(JavaModifier.PUBLIC)) {
                continue;
            }
            for (JavaMethod method : type.getMethods()) {
                if (method.getModifiers().contains(JavaModifier.PUBLIC)) {
                    seen++;
                    types(method)
                            .filter(used -> used.getPackageName().startsWith("io.squisher"))
                            .filter(used -> !packages.contains(used.getPackageName()))
                            .forEach(used -> leaks.add(method.getFullName() + " names " + used.getName()));
                }
            }
        }
        assertEquals(List.of(), leaks);
        assertTrue(seen > 100, seen + " methods were seen");
    }

    private static Stream<JavaClass> types(JavaMethod method) {
        return Stream.concat(
                method.getReturnType().getAllInvolvedRawTypes().stream(),
                method.getParameterTypes().stream().flatMap(type -> type.getAllInvolvedRawTypes().stream()));
    }

    private static Set<String> publicPackages() {
        Set<String> packages = new TreeSet<>(Set.of(GENERATED));
        try (Stream<Path> files = Files.walk(ROOT)) {
            files.filter(file -> file.endsWith("package-info.java"))
                    .filter(file -> file.toString().contains("/src/main/java/"))
                    .filter(file -> text(file).contains(MARK))
                    .map(file -> file.getParent().toString())
                    .map(folder -> folder.substring(folder.indexOf("/src/main/java/") + "/src/main/java/".length()))
                    .forEach(name -> packages.add(name.replace('/', '.')));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packages;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
