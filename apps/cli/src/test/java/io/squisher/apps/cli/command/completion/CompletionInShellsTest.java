package io.squisher.apps.cli.command.completion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The scripts in the shells themselves: what the tab key offers at the end of a line. */
@EnabledOnOs(
        value = {OS.LINUX, OS.MAC},
        disabledReason = "runs POSIX shells")
class CompletionInShellsTest {
    private static final Map<String, List<String>> OFFERS = new LinkedHashMap<>();

    static {
        OFFERS.put("mer", List.of("merge"));
        OFFERS.put("--v", List.of("--version"));
        OFFERS.put("merge --met", List.of("--method"));
        OFFERS.put("merge --method fi", List.of("fisher"));
        OFFERS.put("merge --scale da", List.of("dataset"));
        OFFERS.put("merge --seed d", List.of());
        OFFERS.put("fisher --data d", List.of("data", "data one.npz"));
        OFFERS.put("fisher --limit d", List.of());
        OFFERS.put("fisher d", List.of("data", "data one.npz"));
        OFFERS.put("fisher -o d", List.of("data", "data one.npz"));
        OFFERS.put("fisher --device cp", List.of("cpu"));
        OFFERS.put("completion z", List.of("zsh"));
        OFFERS.put("help simil", List.of("similarity"));
    }

    @TempDir
    private Path folder;

    private Path withFiles(String name) throws IOException {
        Path here = Files.createDirectory(folder.resolve(name));
        Files.createDirectory(here.resolve("data"));
        Files.createFile(here.resolve("data one.npz"));
        return here;
    }

    @TestFactory
    Stream<DynamicTest> eachOffersTheSame() {
        return Arrays.stream(Shell.values()).flatMap(shell -> OFFERS.entrySet().stream()
                .map(offer -> dynamicTest(
                        shell + ": " + offer.getKey(),
                        () -> assertEquals(
                                offer.getValue(), shell.offers(withFiles(shell + offer.getKey()), offer.getKey())))));
    }

    /** Bash cuts a word at "=", fish gives the whole word back. */
    @Test
    void completesBehindAnEqualsSign() throws Exception {
        assertEquals(List.of("fisher"), Shell.BASH.offers(withFiles("bash"), "merge --method = fi"));
        assertEquals(List.of("data", "data one.npz"), Shell.BASH.offers(withFiles("files"), "fisher --data = d"));
    }

    @Test
    void zshCompletesBehindAnEqualsSign() throws Exception {
        assertEquals(List.of("fisher"), Shell.ZSH.offers(withFiles("zsh"), "merge --method=fi"));
    }

    @Test
    void fishCompletesBehindAnEqualsSign() throws Exception {
        assertEquals(List.of("--method=fisher"), Shell.FISH.offers(withFiles("fish"), "merge --method=fi"));
    }
}
