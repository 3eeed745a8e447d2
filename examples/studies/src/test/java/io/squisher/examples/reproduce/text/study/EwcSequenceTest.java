package io.squisher.examples.reproduce.text.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EwcSequenceTest {
    @TempDir
    Path folder;

    private EwcSequence sequence() throws IOException {
        TextStudy study = TinyStudy.in(folder);
        return new EwcSequence(
                study.models(), study.tasks().subList(0, 2), 1, Files.createDirectories(folder.resolve("scratch")));
    }

    @Test
    void withALambdaOfZeroItIsAsWithoutAPenalty() throws IOException {
        EwcSequence sequence = sequence();
        assertEquals(sequence.tested(EwcSequence.NONE, 0), sequence.tested(TextMethods.SQUISHER, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity", "Fisher", "Squisher"})
    void everyMethodHoldsTheTasks(String method) throws IOException {
        double accuracy = sequence().validated(method, 10);
        assertTrue(accuracy > 25 && accuracy <= 100, method + ": " + accuracy);
    }
}
