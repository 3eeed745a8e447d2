package io.squisher.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.squisher.SquisherException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class TensorBytesTest {
    private static List<Tensor> numbered(int count) {
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tensors.add(Tensor.of(Shape.of(2), i, 10f * i));
        }
        return tensors;
    }

    @Test
    void resultsStandInTheOrderOfTheTensors() {
        List<Float> sums = TensorBytes.forEach(numbered(50), tensor -> tensor.toFloats()[0] + tensor.toFloats()[1]);
        for (int i = 0; i < sums.size(); i++) {
            assertEquals(11f * i, sums.get(i));
        }
    }

    @Test
    void aFailureIsThrownAfterAllHaveEnded() {
        Set<Tensor> ended = ConcurrentHashMap.newKeySet();
        List<Tensor> tensors = numbered(20);
        SquisherException e = assertThrows(
                SquisherException.class,
                () -> TensorBytes.forEach(tensors, tensor -> {
                    ended.add(tensor);
                    if (tensor == tensors.get(0)) {
                        throw new SquisherException("unreadable");
                    }
                    return 0;
                }));
        assertEquals("unreadable", e.getMessage());
        assertEquals(20, ended.size());
    }
}
