package io.squisher.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.squisher.SquisherException;
import io.squisher.proto.Provenance;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FisherDiagonalTest {
    @Test
    void isIndependentOfTheMapItWasMadeFrom() {
        Map<String, Tensor> tensors = new HashMap<>();
        tensors.put("w", Tensor.of(Shape.of(1), 1f));
        FisherDiagonal diagonal = new FisherDiagonal(tensors, Provenance.getDefaultInstance());
        tensors.clear();
        assertEquals(1, diagonal.names().size());
        assertThrows(
                UnsupportedOperationException.class, () -> diagonal.tensors().clear());
    }

    @Test
    void namesAMissingTensor() {
        FisherDiagonal diagonal = new FisherDiagonal(Map.of(), Provenance.getDefaultInstance());
        Exception e = assertThrows(SquisherException.class, () -> diagonal.tensor("w"));
        assertEquals("the Fisher has no tensor 'w'", e.getMessage());
    }
}
