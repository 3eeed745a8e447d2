package io.squisher.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WrapperNamesTest {
    /** {@code names} separated by spaces; the i-th is a vector of i + 1 elements. */
    private static Map<String, Shape> shapes(String names) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        for (String name : names.split(" ")) {
            shapes.put(name, Shape.of(shapes.size() + 1));
        }
        return shapes;
    }

    @ParameterizedTest
    @CsvSource({
        "a.w b.w, _orig_mod.a.w _orig_mod.b.w, without the prefix '_orig_mod.'",
        "_orig_mod.a.w _orig_mod.b.w, a.w b.w, with the prefix '_orig_mod.'",
        "a.w b.w, module._orig_mod.a.w module._orig_mod.b.w, without the prefix 'module._orig_mod.'",
        "a.w b.w, _orig_mod.module.model.a.w _orig_mod.module.model.b.w, without the prefix '_orig_mod.module.model.'",
        "model.a.w model.b.w, module.a.w module.b.w, 'after wrappers'' words are taken out, as ''model.a.w'' for"
                + " ''module.a.w'''",
        "a.w b.w, a._orig_mod.w b.w, 'after wrappers'' words are taken out, as ''a.w'' for ''a._orig_mod.w'''",
        "a.w b.w, _fsdp_wrapped_module.a._fsdp_wrapped_module.w _fsdp_wrapped_module.b._checkpoint_wrapped_module.w,"
                + " 'after wrappers'' words are taken out, as ''a.w'' for"
                + " ''_fsdp_wrapped_module.a._fsdp_wrapped_module.w'''",
        "a.w b.w, base_model.model.a.w base_model.model.b.w, without the prefix 'base_model.model.'",
        "a.w b.w, network.a.w network.b.w, without the prefix 'network.'",
        "q.lora_A.weight s.w, q.lora_A.default.weight s.modules_to_save.default.w, 'after wrappers'' words are taken"
                + " out, as ''q.lora_A.weight'' for ''q.lora_A.default.weight'''",
        "q.lora_magnitude_vector s.w, q.lora_magnitude_vector.default.weight s.w, 'after wrappers'' words are taken"
                + " out, as ''q.lora_magnitude_vector'' for ''q.lora_magnitude_vector.default.weight'''"
    })
    void wrappersGoWhereAllElseAgrees(String reference, String other, String words) {
        Renaming renaming =
                WrapperNames.between(shapes(reference), shapes(other), false).orElseThrow();
        assertEquals(words, renaming.words());
        assertEquals(
                List.copyOf(shapes(reference).keySet()),
                List.copyOf(renaming.of(shapes(other)).keySet()));
    }

    @ParameterizedTest
    @CsvSource({
        // nothing to do
        "a.w b.w, a.w b.w",
        // another name
        "a.w b.w, module.a.w module.c.w",
        // only some have it
        "a.w b.w, module.a.w b.v",
        // one tensor more
        "a.w b.w, module.a.w module.b.w module.c.w",
        // other words first on both sides
        "encoder.a.w encoder.b.w, decoder.a.w decoder.b.w"
    })
    void nothingIsGuessed(String reference, String other) {
        assertEquals(Optional.empty(), WrapperNames.between(shapes(reference), shapes(other), false));
    }

    @Test
    void shapesMustAgreeToo() {
        Map<String, Shape> other = Map.of("module.w", Shape.of(7));
        assertEquals(Optional.empty(), WrapperNames.between(shapes("w"), other, false));
    }

    @Test
    void aFisherMayHaveFewerTensors() {
        Map<String, Shape> model = shapes("a.w b.w");
        Map<String, Shape> fisher = Map.of("module.b.w", Shape.of(2));
        assertEquals(Optional.empty(), WrapperNames.between(model, fisher, false));
        assertEquals(
                Map.of("module.b.w", "b.w"),
                WrapperNames.between(model, fisher, true).orElseThrow().names());
    }

    @Test
    void aPrefixThatIsAskedForGoesWhereItStands() {
        Renaming renaming = WrapperNames.between(shapes("a.w b.w head.w"), shapes("net.a.w net.b.w loss.w"), "net.")
                .orElseThrow();
        assertEquals(Map.of("net.a.w", "a.w", "net.b.w", "b.w"), renaming.names());
        assertEquals("loss.w", renaming.of("loss.w"));
    }

    @Test
    void twoNamesThatBecomeOneAreRefused() {
        Exception e = assertThrows(SquisherException.class, () -> WrapperNames.without("net.", List.of("net.a", "a")));
        assertTrue(e.getMessage().contains("'net.a' and 'a' are the same without the prefix 'net.'"), e.getMessage());
    }
}
