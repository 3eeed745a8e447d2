package io.squisher.apps.cli.command.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.Fixtures;
import io.squisher.apps.cli.Run;
import io.squisher.files.OwnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A training that writes to a disk of its own, which is too small. */
class FullDiskTrainingTest {
    @TempDir
    Path folder;

    /** The child: runs a command line; tells its exit code, its error, and what is on the disk then. */
    public static void main(String[] arguments) throws IOException {
        Path disk = Path.of(arguments[0]);
        Run run = Run.of((Object[]) Arrays.copyOfRange(arguments, 1, arguments.length));
        System.out.println(run.exitCode());
        System.out.println(
                run.err().lines().filter(line -> line.startsWith("squisher: ")).collect(Collectors.joining("|")));
        try (Stream<Path> files = Files.walk(disk)) {
            System.out.println(files.filter(Files::isRegularFile)
                    .map(file -> disk.relativize(file).toString())
                    .sorted()
                    .collect(Collectors.joining(" ")));
        }
    }

    private List<String> train(String size, Object... more) throws IOException, InterruptedException {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        Path training = Files.write(folder.resolve("train.tsv"), List.of("a cat\t0", "the red dog\t2", "a cow\t1"));
        Stream<Object> line = Stream.of(
                disk,
                "train",
                Fixtures.path("tiny_bert/model.onnx"),
                "--text",
                training,
                "--tokenizer",
                Fixtures.path("tiny_bert/tokenizer.json"),
                "--epochs",
                2);
        return OwnDisk.run(
                OwnDisk.ofSize(size, disk),
                OwnDisk.java(
                        FullDiskTrainingTest.class,
                        Stream.concat(line, Stream.of(more)).toArray()));
    }

    /** The model has 48 kilobytes, its Squisher 24. */
    @ParameterizedTest
    @CsvSource({"16k, tuned.onnx", "64k, tuned.squisher.safetensors"})
    void neitherHalfOfAPairIsLeft(String size, String file) throws Exception {
        List<String> said = train(size, "-o", folder.resolve("disk/tuned.onnx"));
        assertEquals("1", said.get(0));
        assertEquals(
                "squisher: cannot write '" + folder.resolve("disk").resolve(file) + "': No space left on device",
                said.get(1));
        assertEquals("", said.get(2));
    }

    /** A checkpoint has 120 kilobytes, so the second has no room. */
    @Test
    void theOlderCheckpointStays() throws Exception {
        List<String> said =
                train("200k", "--checkpoints", folder.resolve("disk/kept"), "-o", folder.resolve("tuned.onnx"));
        assertEquals("1", said.get(0), said.toString());
        assertTrue(
                said.get(1).startsWith("squisher: cannot write '" + folder.resolve("disk/kept/ckpt-2.")), said.get(1));
        assertTrue(said.get(1).endsWith("No space left on device"), said.get(1));
        assertTrue(
                said.get(2).contains("ckpt-1.onnx")
                        && !said.get(2).contains("ckpt-2")
                        && !said.get(2).contains(".tmp"),
                said.get(2));
    }
}
