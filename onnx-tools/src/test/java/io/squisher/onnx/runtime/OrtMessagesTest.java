package io.squisher.onnx.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import ai.onnxruntime.OrtException;
import org.junit.jupiter.api.Test;

class OrtMessagesTest {
    @Test
    void aTextOfManyLinesBecomesOne() {
        OrtException many =
                new OrtException("Error code - ORT_FAIL - message: /build/onnxruntime/core/graph.cc:12 Node\r\n"
                        + "\tStacktrace:\n\n0# abort \u001b[31m\u2028next\u0085last\n");
        String said = OrtMessages.failure(many).getMessage();
        assertEquals("ONNX Runtime cannot run the graph: Node Stacktrace: 0# abort [31m next last", said);
        assertEquals(1, said.lines().count());
    }

    @Test
    void noTextIsTheCode() {
        assertEquals("ORT_JAVA_UNKNOWN", OrtMessages.clean(new OrtException((String) null)));
    }

    @Test
    void memoryIsSaidByAnExceptionOfItsOwn() {
        assertInstanceOf(
                OutOfMemoryException.class,
                OrtMessages.failure(new OrtException("Failed to allocate memory\nfor requested buffer of size 9")));
    }
}
