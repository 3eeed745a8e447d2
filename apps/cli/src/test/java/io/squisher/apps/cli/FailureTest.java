package io.squisher.apps.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.apps.cli.option.UsageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class FailureTest {
    @Test
    void everyKindOfFailureHasALineOfItsOwn() {
        Map<Throwable, String> kinds = new LinkedHashMap<>();
        kinds.put(new SquisherException("no luck"), "no luck");
        kinds.put(new CompletionException(new SquisherException("no luck in a thread")), "no luck in a thread");
        kinds.put(new UsageException("merge: missing -o"), "merge: missing -o");
        kinds.put(new OutOfMemoryError("Java heap space"), "out of memory (Java heap space); give Java more with -Xmx");
        kinds.put(
                new StackOverflowError(),
                "the input nests too deeply for Java's stack; give it more with -Xss64m if the file is sound");
        kinds.put(
                new UncheckedIOException(new FileSystemException("a.onnx", null, "No space left on device")),
                "cannot read or write 'a.onnx': No space left on device");
        kinds.put(new UncheckedIOException(new IOException("broken")), "cannot read or write a file: broken");
        kinds.put(
                new UnsatisfiedLinkError("no onnxruntime"),
                "a library of this program is missing or does not fit this machine (java.lang.UnsatisfiedLinkError: no"
                        + " onnxruntime); docs/templates.md says which versions belong together");
        kinds.put(
                new NullPointerException("a\nb"),
                "this is a fault of squisher itself (java.lang.NullPointerException: a\\u000ab); --debug shows where,"
                        + " please report it");
        kinds.forEach((thrown, line) -> {
            Failure failure = Failure.of(thrown);
            assertEquals(line, failure.line());
            assertEquals(thrown instanceof UsageException ? ExitCode.WRONG_USAGE : ExitCode.FAILED, failure.code());
            assertFalse(failure.line().contains("unexpected"));
            assertTrue(failure.line().lines().count() == 1);
        });
    }
}
