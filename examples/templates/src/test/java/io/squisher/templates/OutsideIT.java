package io.squisher.templates;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A template, copied alone to an empty place, builds against the artifacts as others get them, and runs by the command of
 * its README. Each build tries one; the profile {@code outside} tries all of them.
 */
class OutsideIT {
    private static final Path PLACE = Path.of("target/outside").toAbsolutePath();
    private static final String REPOSITORY = System.getProperty("squisher.outside.repository");
    private static final String CHOSEN = System.getProperty("squisher.outside.template", "all");
    private static final Pattern COMMAND = Pattern.compile("(?m)^    mvn (.*?) -Dexec\\.args=\"(.*)\"$");
    private static final int AT_ONCE = 2;
    private static final int MINUTES = 5;

    @Test
    void aTemplateRunsAloneByTheCommandOfItsReadme() throws Exception {
        Path settings = Files.writeString(Files.createDirectories(PLACE).resolve("settings.xml"), settings());
        ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Callable<String>> runs = Templates.folders().stream()
                    .filter(folder -> CHOSEN.equals("all") || folder.endsWith(CHOSEN))
                    .<Callable<String>>map(folder -> () -> run(folder, settings))
                    .toList();
            assertFalse(runs.isEmpty(), "no template is called " + CHOSEN);
            List<String> failures = new ArrayList<>();
            for (Future<String> run : workers.invokeAll(runs)) {
                failures.add(run.get());
            }
            failures.removeIf(String::isEmpty);
            assertEquals(List.of(), failures);
        } catch (ExecutionException e) {
            throw new AssertionError("a template could not be run", e.getCause());
        } finally {
            workers.shutdownNow();
        }
    }

    /** What went wrong; empty if nothing did. */
    private static String run(Path template, Path settings) throws IOException, InterruptedException {
        Matcher command = COMMAND.matcher(Files.readString(template.resolve("README.md")));
        if (!command.find()) {
            return template.getFileName() + ": its README has no command";
        }
        Path alone = copied(template);
        Path log = PLACE.resolve(template.getFileName() + ".log");
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("maven.home"), "bin", "mvn").toString());
        line.addAll(List.of("-B", "-s", settings.toString(), "-Dmaven.repo.local=" + REPOSITORY));
        line.add("-Dnatives=" + System.getProperty("squisher.natives"));
        line.addAll(List.of(command.group(1).split(" ")));
        line.add("-Dexec.args=" + command.group(2));
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(alone.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        // A short life is not worth the better compiler.
        builder.environment().put("MAVEN_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
        Process process = builder.start();
        try {
            boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
            return ended && process.exitValue() == 0 ? "" : template.getFileName() + ":\n" + Files.readString(log);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Path copied(Path template) throws IOException {
        Path target = PLACE.resolve("alone").resolve(template.getFileName());
        if (Files.exists(target)) {
            try (Stream<Path> old = Files.walk(target)) {
                for (Path file : old.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(file);
                }
            }
        }
        try (Stream<Path> files = Files.walk(template)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !template.relativize(file).startsWith("target"))
                    .toList()) {
                Path copy = target.resolve(template.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
        return target;
    }

    /** The builder's own repository saves downloads of plugins; none of our artifacts is taken from it. */
    private static String settings() {
        String builder = Path.of(System.getProperty("squisher.builder.repository"))
                .toUri()
                .toString();
        String repository =
                "<id>builder</id><url>" + builder + "</url><releases><checksumPolicy>ignore</checksumPolicy>"
                        + "</releases><snapshots><enabled>false</enabled></snapshots>";
        return "<settings><profiles><profile><id>outside</id><repositories><repository>" + repository
                + "</repository></repositories><pluginRepositories><pluginRepository>" + repository
                + "</pluginRepository></pluginRepositories></profile></profiles><activeProfiles>"
                + "<activeProfile>outside</activeProfile></activeProfiles></settings>";
    }
}
