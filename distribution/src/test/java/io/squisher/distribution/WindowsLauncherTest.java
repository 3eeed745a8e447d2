package io.squisher.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code squisher.cmd} in Wine's command interpreter, beside a Java that only prints what it was called with, one argument a
 * line. Wine runs a script of Linux under the name of a program for Windows, and does not pass on its exit code.
 */
@Tag("slow")
class WindowsLauncherTest {
    private static final String MAIN = "io.squisher.apps.cli.Main";
    private static final List<Path> WINE = List.of(Path.of("/usr/lib/wine/wine64"), Path.of("/usr/bin/wine"));

    @TempDir
    Path folder;

    private Path wine;
    private Path jdk;

    private record Run(int exitCode, List<String> lines) {}

    @BeforeEach
    void install() throws IOException {
        Optional<Path> found = WINE.stream().filter(Files::isExecutable).findFirst();
        assumeTrue(found.isPresent(), "Wine is not installed: squisher.cmd was not run");
        wine = found.orElseThrow();
        Path home = Files.createDirectories(folder.resolve("squisher (1)"));
        Files.createDirectories(home.resolve("lib/native/win-x64"));
        Files.createDirectory(home.resolve("bin"));
        Path source = Path.of("src/bin/squisher.cmd");
        Files.writeString(home.resolve("bin/squisher.cmd"), withEndsOfWindows(Files.readString(source)));
        Files.writeString(
                folder.resolve("call.bat"),
                withEndsOfWindows("@call \"" + windows(home.resolve("bin/squisher.cmd")) + "\" %*\n"
                        + "@exit /b %ERRORLEVEL%\n"));
        jdk = jdk("17.0.15");
    }

    private static String withEndsOfWindows(String text) {
        return text.replace("\r\n", "\n").replace("\n", "\r\n");
    }

    private static String windows(Path path) {
        return "Z:" + path.toString().replace('/', '\\');
    }

    private Path jdk(String version) throws IOException {
        Path home = Files.createDirectories(folder.resolve("Java (x86) " + version));
        Files.createDirectory(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Any\"\nJAVA_VERSION=\"" + version + "\"\n");
        Installation.executable(home.resolve("bin/java.exe"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        return home;
    }

    private Run run(Map<String, String> environment, String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(wine.toString(), "cmd", "/c", windows(folder.resolve("call.bat"))));
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("SQUISHER_"));
        Path prefix = Path.of("target/wine").toAbsolutePath();
        builder.environment().putAll(Map.of("WINEDEBUG", "-all", "WINEPREFIX", prefix.toString()));
        builder.environment().put("JAVA_HOME", windows(jdk));
        builder.environment().putAll(environment);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(
                process.waitFor(),
                out.lines()
                        .map(String::strip)
                        .filter(line -> !line.startsWith("wine:"))
                        .toList());
    }

    @Test
    void passesArgumentsAndTheFoldersOfAPathWithBlanks() throws Exception {
        List<String> lines = run(Map.of("SQUISHER_JAVA_OPTS", "-Xmx1g -Da=b"), "merge", "a  b", "--help")
                .lines();
        assertEquals(
                List.of("merge", "a  b", "--help"),
                lines.subList(lines.indexOf(MAIN) + 1, lines.size()),
                lines.toString());
        String home = windows(folder.resolve("squisher (1)"));
        assertTrue(lines.contains("-Donnxruntime.native.path=" + home + "\\lib\\native\\win-x64"), lines.toString());
        assertEquals(home + "\\lib\\*", lines.get(lines.indexOf("-cp") + 1));
        assertTrue(lines.indexOf("-Xmx1g") > lines.indexOf("-XX:+UseParallelGC"), "the user's options win");
        assertTrue(lines.contains("-Da=b"), lines.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "--version,C1",
        "-V,C1",
        "help,C1",
        "completion,C1",
        "man,C1",
        "inspect,Serial",
        "merge,Parallel",
        "fisher,Parallel"
    })
    void givesLongWorkTheCompilerAndTheCollector(String command, String expected) throws Exception {
        List<String> lines = run(Map.of(), command, "x").lines();
        assertEquals(expected.equals("C1"), lines.contains("-XX:TieredStopAtLevel=1"), lines.toString());
        assertEquals(expected.equals("Parallel"), lines.contains("-XX:+UseParallelGC"), lines.toString());
        assertEquals(!expected.equals("Parallel"), lines.contains("-XX:+UseSerialGC"), lines.toString());
    }

    @ParameterizedTest
    @CsvSource({"17.0.15,false,false", "22.0.1,true,false", "23,true,true", "25-ea,true,true"})
    void tellsNewerJavaWhatIsMeant(String version, boolean nativeAccess, boolean memoryAccess) throws Exception {
        Map<String, String> environment = new HashMap<>();
        if (!version.startsWith("17")) {
            environment.put("JAVA_HOME", windows(jdk(version)));
        }
        List<String> lines = run(environment, "merge").lines();
        assertEquals(nativeAccess, lines.contains("--enable-native-access=ALL-UNNAMED"), lines.toString());
        assertEquals(nativeAccess, lines.contains("-Djdk.console=java.base"), lines.toString());
        assertEquals(memoryAccess, lines.contains("--sun-misc-unsafe-memory-access=allow"), lines.toString());
    }

    @ParameterizedTest
    @CsvSource({"1.8.0_392", "11.0.2", "16"})
    void refusesOlderJava(String version) throws Exception {
        Run run = run(Map.of("JAVA_HOME", windows(jdk(version))), "merge");
        assertEquals(1, run.exitCode());
        assertEquals(1, run.lines().size(), run.lines().toString());
        assertTrue(
                run.lines().get(0).contains("java.exe\" is too old: install JDK 17"),
                run.lines().toString());
    }

    @Test
    void findsJavaOnThePathOrSaysThatThereIsNone() throws Exception {
        Map<String, String> environment =
                new HashMap<>(Map.of("JAVA_HOME", "Z:\\nowhere", "WINEPATH", windows(jdk.resolve("bin"))));
        assertTrue(run(environment, "merge").lines().contains(MAIN));
        environment.put("WINEPATH", "");
        Run run = run(environment, "merge");
        assertEquals(
                List.of("squisher: Java is missing: install JDK 17 or later, or set JAVA_HOME to one"), run.lines());
        assertEquals(1, run.exitCode());
    }

    @Test
    void takesTheJavaBesideTheProgramFirst() throws Exception {
        Path own = folder.resolve("squisher (1)/runtime");
        try (Stream<Path> files = Files.walk(jdk("23"))) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        own.resolve(
                                folder.resolve("Java (x86) 23").relativize(file).toString()));
            }
        }
        List<String> lines = run(Map.of(), "merge").lines();
        assertTrue(lines.contains("--sun-misc-unsafe-memory-access=allow"), lines.toString());
    }
}
