package io.squisher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SuggestionsTest {
    @Test
    void countsInsertionsDeletionsReplacementsAndSwaps() {
        assertEquals(0, Suggestions.distance("rtol", "rtol"));
        assertEquals(1, Suggestions.distance("rotl", "rtol"));
        assertEquals(1, Suggestions.distance("mrege", "merge"));
        assertEquals(1, Suggestions.distance("megre", "merge"));
        assertEquals(2, Suggestions.distance("inpsetc", "inspect"));
        assertEquals(3, Suggestions.distance("kitten", "sitting"));
        assertEquals(3, Suggestions.distance("", "abc"));
        // The restricted form: letters that were swapped are not touched again, else it would be 2.
        assertEquals(3, Suggestions.distance("ca", "abc"));
    }

    @Test
    void namesTheNearestAndNothingThatIsFar() {
        List<String> words = List.of("merge", "mask", "map", "fisher", "fisher-graph");
        assertEquals(Optional.of("merge"), Suggestions.nearest("mrege", words));
        assertEquals(Optional.of("fisher"), Suggestions.nearest("fihser", words));
        assertEquals(Optional.empty(), Suggestions.nearest("quantize", words));
        assertEquals(Optional.empty(), Suggestions.nearest("x".repeat(100_000), words));
        assertEquals(", did you mean 'mask'?", Suggestions.didYouMean("maks", words));
        assertEquals("", Suggestions.didYouMean("quantize", words));
    }
}
