package io.squisher.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledOnOs(
        value = {OS.LINUX, OS.MAC},
        disabledReason = "runs the POSIX launcher")
class LauncherTest {
    private static final String MAIN = "io.squisher.apps.cli.Main";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"17.0.15,false,false", "21,false,false", "22.0.1,true,false", "23,true,true", "25-ea,true,true"})
    void tellsNewerJavaWhatIsMeant(String version, boolean nativeAccess, boolean memoryAccess) throws Exception {
        List<String> lines =
                new Installation(folder, version).run("merge", "--help").lines();
        assertEquals(nativeAccess, lines.contains("--enable-native-access=ALL-UNNAMED"), lines.toString());
        assertEquals(memoryAccess, lines.contains("--sun-misc-unsafe-memory-access=allow"), lines.toString());
    }

    @ParameterizedTest
    @CsvSource({"1.8.0_392,8", "11.0.2,11", "16,16"})
    void refusesOlderJava(String version, String number) throws Exception {
        Installation.Run run = new Installation(folder, version).run("--version");
        assertEquals(1, run.exitCode());
        assertTrue(
                run.err().matches("squisher: \\S+/java is too old, version " + number + ": .* JDK 17 .*\n"), run.err());
    }

    @ParameterizedTest
    @CsvSource({
        "--version,C1",
        "-V,C1",
        "--help,C1",
        "help merge,C1",
        "completion bash,C1",
        "man merge,C1",
        "merge --help,C1",
        "inspect -h,C1",
        "inspect x,Serial",
        "merge,Parallel",
        "fisher x,Parallel",
        "demo,Parallel",
        "reproduce,Parallel",
        "no-such-command,Parallel"
    })
    void givesLongWorkTheCompilerAndTheCollector(String line, String expected) throws Exception {
        List<String> lines = new Installation(folder, "17").run(line.split(" ")).lines();
        assertEquals(expected.equals("C1"), lines.contains("-XX:TieredStopAtLevel=1"), lines.toString());
        assertEquals(expected.equals("Parallel"), lines.contains("-XX:+UseParallelGC"), lines.toString());
        assertEquals(!expected.equals("Parallel"), lines.contains("-XX:+UseSerialGC"), lines.toString());
    }

    @Test
    void putsSparkOnTheClassPathWhereItIsAskedFor() throws Exception {
        Installation installation = new Installation(folder, "17");
        installation.withClassList(true);
        Path module = installation.home().resolve("lib/spark/squisher-spark.jar");
        Files.createDirectories(module.getParent());
        Files.writeString(module, "");
        Path spark = folder.resolve("spark");
        Files.createDirectories(spark.resolve("jars"));
        Map<String, String> environment = Map.of("SPARK_HOME", spark.toString());
        List<String> with = installation
                .run(environment, installation.launcher(), "fisher", "--spark", "local")
                .lines();
        assertTrue(
                with.get(with.indexOf("-cp") + 1).endsWith(":" + module + ":" + spark.resolve("jars") + "/*"),
                with.toString());
        assertTrue(with.contains("--add-opens=java.base/java.nio=ALL-UNNAMED"), with.toString());
        assertEquals(0, installation.dumps());
        List<String> unasked = installation
                .run(environment, installation.launcher(), "fisher", "model.onnx")
                .lines();
        List<String> missing = installation.run("fisher", "--spark", "local").lines();
        for (List<String> without : List.of(unasked, missing)) {
            assertFalse(without.get(without.indexOf("-cp") + 1).contains("spark"), without.toString());
        }
    }

    @Test
    void hasNothingToDoWithoutArguments() throws Exception {
        List<String> lines = new Installation(folder, "17").run().lines();
        assertTrue(lines.contains("-XX:TieredStopAtLevel=1"), lines.toString());
        assertEquals(MAIN, lines.get(lines.size() - 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sh", "dash", "bash", "busybox sh", "zsh", "ksh"})
    void passesArgumentsAsTheyAreUnderEachShell(String shell) throws Exception {
        Installation installation = new Installation(folder, "25");
        List<String> command = new ArrayList<>(List.of("env"));
        command.addAll(List.of(shell.split(" ")));
        command.addAll(List.of(installation.launcher().toString(), "merge", "a  b", "*", "", "$HOME", "it's", "\\n"));
        Installation.Run run = installation.start(Map.of(), command);
        assumeFalse(run.exitCode() == 127, shell + " is not installed");
        assertEquals(0, run.exitCode(), run.err());
        List<String> lines = run.lines();
        assertEquals(
                List.of("merge", "a  b", "*", "", "$HOME", "it's", "\\n"),
                lines.subList(lines.indexOf(MAIN) + 1, lines.size()));
    }

    @Test
    void splitsTheUsersOptionsAtBlanksAndNowhereElse() throws Exception {
        Installation installation = new Installation(folder, "17");
        List<String> lines = installation
                .run(Map.of("SQUISHER_JAVA_OPTS", "-Xmx1g  -Da=*"), installation.launcher(), "merge")
                .lines();
        assertEquals(lines.indexOf("-Xmx1g") + 1, lines.indexOf("-Da=*"));
        assertTrue(lines.indexOf("-Xmx1g") > lines.indexOf("-XX:+UseParallelGC"), "the user's options win");
    }

    @Test
    void followsLinks() throws Exception {
        Installation installation = new Installation(folder, "17");
        Path deep = Files.createDirectories(folder.resolve("links here"));
        Files.createSymbolicLink(deep.resolve("first"), installation.launcher());
        Files.createSymbolicLink(folder.resolve("second"), Path.of("links here/first"));
        Installation.Run run = installation.run(Map.of(), folder.resolve("second"), "merge");
        assertEquals(0, run.exitCode(), run.err());
        Path lib = installation.home().toRealPath().resolve("lib");
        assertTrue(
                run.lines().contains(lib.resolve("a.jar") + ":" + lib.resolve("b.jar")),
                run.lines().toString());
    }

    @Test
    void refusesAFolderThatNoClassPathCanHold() throws Exception {
        Installation installation = new Installation(Files.createDirectories(folder.resolve("a:b")), "17");
        Installation.Run run = installation.run("--version");
        assertEquals(1, run.exitCode());
        assertTrue(run.err().contains("has a colon in its name"), run.err());
    }

    @Test
    void saysThatJavaIsMissing() throws Exception {
        Installation installation = new Installation(folder, "17");
        Path tools = Files.createDirectories(folder.resolve("tools"));
        for (String tool : List.of("sh", "uname", "readlink", "cat", "cksum")) {
            Path found = Files.exists(Path.of("/bin", tool)) ? Path.of("/bin", tool) : Path.of("/usr/bin", tool);
            Installation.executable(tools.resolve(tool), "#!/bin/sh\nexec " + found + " \"$@\"\n");
        }
        Installation.Run run = installation.run(
                Map.of("JAVA_HOME", "", "PATH", tools.toString()), installation.launcher(), "--version");
        assertEquals(1, run.exitCode());
        assertEquals("squisher: Java is missing: install JDK 17 or later, or set JAVA_HOME to one\n", run.err());
    }

    @Test
    void makesTheArchiveOfClassesOnceForEachBuild() throws Exception {
        Installation installation = new Installation(folder, "17");
        installation.withClassList(true);
        for (int i = 0; i < 2; i++) {
            List<String> lines = installation.run("--version").lines();
            assertTrue(lines.stream().anyMatch(line -> line.startsWith("-XX:SharedArchiveFile=")), lines.toString());
            assertTrue(lines.contains("-Xlog:disable"), lines.toString());
            assertEquals(1, installation.dumps());
        }
        Files.writeString(installation.home().resolve("lib/build-id"), "2\n");
        installation.run("--version");
        assertEquals(2, installation.dumps());
    }

    @Test
    void runsWithoutAnArchiveThatCannotBeMade() throws Exception {
        Installation installation = new Installation(folder, "17");
        installation.withClassList(false);
        for (int i = 0; i < 2; i++) {
            Installation.Run run = installation.run("--version");
            assertEquals(0, run.exitCode());
            assertEquals("", run.err());
            assertFalse(
                    run.lines().stream().anyMatch(line -> line.contains("SharedArchiveFile")),
                    run.lines().toString());
            assertEquals(1, installation.dumps(), "tried again");
        }
    }

    @Test
    void makesNoArchiveWhereTheUserWantsNone() throws Exception {
        Installation installation = new Installation(folder, "17");
        installation.withClassList(true);
        installation.run(Map.of("SQUISHER_CDS", "off"), installation.launcher(), "--version");
        assertEquals(0, installation.dumps());
    }
}
