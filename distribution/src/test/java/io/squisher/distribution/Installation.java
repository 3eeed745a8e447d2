package io.squisher.distribution;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The launcher as it is unpacked, beside a Java that only prints what it was called with, one argument a line. */
final class Installation {
    private static final Path SOURCES = Path.of("src").toAbsolutePath();

    private final Path home;
    private final Path jdk;

    /** What the launcher printed and returned. */
    record Run(int exitCode, List<String> lines, String err) {}

    Installation(Path folder, String javaVersion) throws IOException {
        home = folder.resolve("squisher 1");
        jdk = folder.resolve("jdk");
        copy("bin/squisher", home);
        copy("lib/launch.sh", home);
        for (String jar : List.of("a.jar", "b.jar")) {
            Files.writeString(home.resolve("lib").resolve(jar), "");
        }
        Files.writeString(home.resolve("lib/build-id"), "1\n");
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"Any\"\nJAVA_VERSION=\"" + javaVersion + "\"\n");
        executable(jdk.resolve("bin/java"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    }

    /** Lets Java make archives of classes: it writes one, or fails, and leaves a line in the file {@code dumps} each time. */
    void withClassList(boolean dumpWorks) throws IOException {
        Files.writeString(home.resolve("lib/classes.list"), "java/lang/Object\n");
        String dump = dumpWorks ? "echo classes > \"${argument#*=}\"" : "exit 1";
        executable(jdk.resolve("bin/java"), """
                #!/bin/sh
                if [ "$1" = -Xshare:dump ]; then
                  echo dump >> '%s'
                  for argument in "$@"; do
                    case $argument in -XX:SharedArchiveFile=*) %s ;; esac
                  done
                  exit 0
                fi
                printf '%%s\\n' "$@"
                """.formatted(jdk.resolve("dumps"), dump));
    }

    int dumps() throws IOException {
        Path dumps = jdk.resolve("dumps");
        return Files.exists(dumps) ? Files.readAllLines(dumps).size() : 0;
    }

    Path home() {
        return home;
    }

    Path launcher() {
        return home.resolve("bin/squisher");
    }

    Run run(String... arguments) throws IOException, InterruptedException {
        return run(Map.of(), launcher(), arguments);
    }

    Run run(Map<String, String> environment, Path launcher, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(Arrays.asList(arguments));
        return start(environment, command);
    }

    Run start(Map<String, String> environment, List<String> command) throws IOException, InterruptedException {
        Path err = Files.createTempFile(jdk, "err", "");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("SQUISHER_") || name.equals("SPARK_HOME"));
        builder.environment().put("JAVA_HOME", jdk.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), out.lines().toList(), Files.readString(err));
    }

    private static void copy(String name, Path home) throws IOException {
        Path target = home.resolve(name);
        Files.createDirectories(target.getParent());
        Files.copy(SOURCES.resolve(name), target);
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
