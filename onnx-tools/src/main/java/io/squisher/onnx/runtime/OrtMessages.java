package io.squisher.onnx.runtime;

import ai.onnxruntime.OrtException;
import io.squisher.SquisherException;

/** Turns ONNX Runtime's errors into one line each. */
final class OrtMessages {
    private OrtMessages() {}

    /** The message without source paths, codes and line breaks. */
    static String clean(OrtException e) {
        String text = e.getMessage() == null ? e.getCode().toString() : e.getMessage();
        return text.replaceFirst("^Error code - \\S+ - message: ", "")
                .replaceAll("/\\S+/onnxruntime/\\S*\\s*", "")
                .replaceAll("[\\s\\p{Cntrl}\\x85\\u2028\\u2029]+", " ")
                .strip();
    }

    /** The error of a run. */
    static SquisherException failure(OrtException e) {
        String message = clean(e);
        if (message.contains("Failed to allocate memory")
                || message.contains("bad_alloc")
                || message.contains("bad allocation")) {
            return new OutOfMemoryException(message, e);
        }
        return new SquisherException("ONNX Runtime cannot run the graph: " + message, e);
    }
}
