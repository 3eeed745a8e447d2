package io.squisher.examples.reproduce.setting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class EdgeSearchTest {
    private static final EdgeSearch SEARCH = new EdgeSearch(10, 0, 2, 3);

    @Test
    void staysWhereTheBestIsInside() {
        EdgeSearch.Found found = SEARCH.best(lambda -> -Math.abs(Math.log10(lambda) - 1));
        assertEquals(10, found.best());
        assertEquals(List.of(1.0, 10.0, 100.0), List.copyOf(found.scores().keySet()));
        assertFalse(found.atEdge());
    }

    @Test
    void goesOnToBothSidesWhileTheBestLiesAtAnEdge() {
        EdgeSearch.Found found = SEARCH.best(lambda -> -Math.abs(Math.log10(lambda) - 4));
        assertEquals(1e4, found.best());
        assertEquals(1e5, List.copyOf(found.scores().keySet()).get(5));
        assertFalse(found.atEdge());
        assertEquals(
                1e-2, SEARCH.best(lambda -> -Math.abs(Math.log10(lambda) + 2)).best(), 1e-12);
    }

    @Test
    void endsWhereNothingBecomesWorse() {
        EdgeSearch.Found found = SEARCH.best(lambda -> lambda);
        assertEquals(1e5, found.best());
        assertTrue(found.atEdge());
    }

    @Test
    void ofEqualOnesTheSmallestIsTaken() {
        assertEquals(1e-3, SEARCH.best(lambda -> 1).best(), 1e-12);
    }
}
