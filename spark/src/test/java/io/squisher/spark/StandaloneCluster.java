package io.squisher.spark;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Spark's own master and two workers with one core each, as processes of this machine, made of the libraries of the tests: nothing is
 * installed.
 */
final class StandaloneCluster implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("Starting Spark master at (spark://\\S+)");
    private static final Pattern REGISTERED = Pattern.compile("(Successfully registered) with master");

    /** On a machine that does other things too. */
    private static final int LONGEST_MINUTES = 15;

    private final Path home;
    private final List<Process> processes = new ArrayList<>();
    private final String address;

    /**
     * @param folder for the cluster's files
     * @param memory of each worker, in MB
     */
    StandaloneCluster(Path folder, int memory) throws IOException {
        home = folder.resolve("spark");
        Files.createDirectories(home.resolve("jars"));
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path jar = Path.of(entry);
            String name = jar.getFileName().toString();
            if (name.endsWith(".jar") && !name.startsWith("squisher") && !name.startsWith("onnxruntime")) {
                Files.createSymbolicLink(home.resolve("jars").resolve(name), jar.toAbsolutePath());
            }
        }
        Process master = start(
                "-Xmx256m",
                "org.apache.spark.deploy.master.Master",
                "--host",
                "127.0.0.1",
                "--port",
                "0",
                "--webui-port",
                "0");
        address = waitFor(master, ADDRESS);
        for (int worker = 1; worker <= 2; worker++) {
            Process started = start(
                    "-Xmx256m",
                    "org.apache.spark.deploy.worker.Worker",
                    "--host",
                    // Two machines, as Spark sees it: a second attempt of a task never runs on the machine of the
                    // first.
                    "127.0.0." + worker,
                    "--cores",
                    "1",
                    "--memory",
                    memory + "m",
                    "--webui-port",
                    "0",
                    "--work-dir",
                    folder.resolve("work").toString(),
                    address);
            waitFor(started, REGISTERED);
        }
    }

    private Process start(String... words) throws IOException {
        Process process = builder(words).start();
        processes.add(process);
        return process;
    }

    private ProcessBuilder builder(String... words) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(System.getProperty("squisher.spark.options").split(" ")));
        command.add(words[0]);
        command.addAll(List.of("-cp", home.resolve("jars") + File.separator + "*"));
        command.addAll(List.of(words).subList(1, words.length));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("SPARK_HOME", home.toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        builder.environment().remove("SPARK_CONF_DIR");
        return builder;
    }

    /** Reads what a process says until it says a certain thing, and lets the rest go. */
    private static String waitFor(Process process, Pattern said) throws IOException {
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        StringBuilder seen = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            seen.append(line).append('\n');
            Matcher found = said.matcher(line);
            if (found.find()) {
                Thread rest = new Thread(() -> lines.lines().forEach(ignored -> {}));
                rest.setDaemon(true);
                rest.start();
                return found.group(1);
            }
        }
        throw new IOException("a process of the cluster ended: " + seen);
    }

    /**
     * Runs {@code spark-submit} to its end.
     *
     * @param words its options, the application and its arguments
     * @return nothing where it went well, else how it ended and what it said
     */
    String submit(int driverMegabytes, List<String> words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(
                List.of("-Xmx" + driverMegabytes + "m", "org.apache.spark.deploy.SparkSubmit", "--master", address));
        all.addAll(words);
        Path log = home.resolve("submit.log");
        Process submit =
                builder(all.toArray(String[]::new)).redirectOutput(log.toFile()).start();
        processes.add(submit);
        boolean ended = submit.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES);
        return ended && submit.exitValue() == 0
                ? ""
                : (ended ? "exit " + submit.exitValue() : "no end") + "\n" + Files.readString(log);
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
    }
}
