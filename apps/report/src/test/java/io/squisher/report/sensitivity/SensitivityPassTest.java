package io.squisher.report.sensitivity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.units.UnitGroup;
import io.squisher.units.UnitSlice;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SensitivityPassTest {
    /** Two rows, three columns. */
    private static final Tensor MATRIX = Tensor.of(Shape.of(2, 3), 1.0, 2.0, 3.0, 10.0, 20.0, 0.0);

    private static LayerSensitivity only(PassInputs inputs) {
        return SensitivityPass.over(inputs).layers().get(0);
    }

    @Test
    void keepsSumsAndAMap() {
        LayerSensitivity layer = only(PassInputs.of(Map.of("w", MATRIX)));
        assertEquals(36, layer.sum());
        assertEquals(1, layer.entries().zeros());
        assertEquals("matrix", layer.form());
        HeatMap map = layer.map().orElseThrow();
        assertEquals(2, map.cellRows());
        assertEquals(3, map.cellColumns());
        assertEquals(0, map.low(), 1e-12);
        assertEquals(Math.log10(20), map.high(), 1e-12);
        // 1 is the lowest, 20 the highest; log 10 / log 20 of 254 steps above the first.
        assertArrayEquals(
                new int[] {1, 1 + (int) Math.round(254 * Math.log(2) / Math.log(20)), 94, 196, 255, 0}, codes(map));
    }

    private static int[] codes(HeatMap map) {
        byte[] bytes = Base64.getDecoder().decode(map.cells());
        return IntStream.range(0, bytes.length).map(i -> bytes[i] & 0xff).toArray();
    }

    @Test
    void averagesIntoCellsWhereAMatrixIsLargerThanTheScreen() {
        int side = 640;
        double[] values = new double[side * side];
        for (int i = 0; i < values.length; i++) {
            values[i] = i / side < side / 2 ? 1 : 100;
        }
        HeatMap map = only(PassInputs.of(Map.of("w", Tensor.of(Shape.of(side, side), values))))
                .map()
                .orElseThrow();
        assertEquals(64, map.cellRows());
        assertEquals(64, map.cellColumns());
        int[] codes = codes(map);
        assertTrue(IntStream.range(0, codes.length).allMatch(i -> codes[i] == (i < codes.length / 2 ? 1 : 255)));
    }

    @Test
    void ranksRowsWhereNothingIsKnownOfTheNetwork() {
        UnitRanking ranking =
                SensitivityPass.over(PassInputs.of(Map.of("w", MATRIX))).units().get(0);
        assertEquals("row", ranking.kind());
        assertEquals(List.of(new UnitRanking.Unit(1, 30), new UnitRanking.Unit(0, 6)), ranking.largest());
    }

    @Test
    void ranksUnitsByAllParametersOfTheirOwn() {
        UnitGroup neurons = new UnitGroup(
                "dense",
                UnitGroup.Kind.NEURONS,
                3,
                List.of(new UnitSlice("w", 1), new UnitSlice("b", 0)),
                List.of(),
                Optional.empty());
        Map<String, Tensor> entries = Map.of("w", MATRIX, "b", Tensor.of(Shape.of(3), 100.0, 0.0, 1.0));
        UnitRanking ranking = SensitivityPass.over(
                        new PassInputs(entries, Map.of(), Map.of(), Map.of(), List.of(neurons)))
                .units()
                .get(0);
        assertEquals("neuron", ranking.kind());
        assertEquals(
                List.of(new UnitRanking.Unit(0, 111), new UnitRanking.Unit(1, 22), new UnitRanking.Unit(2, 4)),
                ranking.largest());
    }

    @Test
    void readsWeightsAndMasksBesideIt() {
        Tensor weights = Tensor.of(Shape.of(2, 3), 2.0, 1.0, 0.0, 1.0, -1.0, 5.0);
        Tensor mask = Tensor.of(Shape.of(2, 3), 1L, 0L, 1L, 0L, 1L, 0L);
        LayerSensitivity layer =
                only(new PassInputs(Map.of("w", MATRIX), Map.of("w", weights), Map.of("w", mask), Map.of(), List.of()));
        // ½ (1·4 + 2·1 + 0 + 10·1 + 20·1 + 0)
        assertEquals(18, layer.lossRise().orElseThrow().sum());
        assertEquals(new LayerSensitivity.Kept(3, 24), layer.kept().orElseThrow());
    }

    @Test
    void averagesTheCoefficientOfAFisherMerge() {
        Tensor other = Tensor.of(Shape.of(2, 3), 1.0, 0.0, 1.0, 10.0, 0.0, 0.0);
        NetworkSensitivity pass = SensitivityPass.over(
                new PassInputs(Map.of("w", MATRIX), Map.of(), Map.of(), Map.of("w", other), List.of()));
        LayerSensitivity.Ratio ratio = pass.layers().get(0).ratio().orElseThrow();
        double lambda = 0.25;
        // λF / (λF + (1−λ)F'), and λ where both are 0.
        double expected = (1 * lambda / (1 * lambda + 1 * (1 - lambda))
                        + 1
                        + 3 * lambda / (3 * lambda + 1 - lambda)
                        + 10 * lambda / 10
                        + 1
                        + lambda)
                / 6;
        assertEquals(expected, ratio.coefficient(lambda), 0.01);
        assertEquals(0, ratio.coefficient(0));
        assertEquals(1, ratio.coefficient(1));
        JointHistogram pairs = pass.pairs().orElseThrow();
        assertEquals(
                3,
                pairs.cells(100).stream().mapToLong(JointHistogram.Cell::count).sum());
        assertEquals(3, pairs.outside());
        JointHistogram.Cell highest = pairs.cells(100).stream()
                .max(java.util.Comparator.comparingDouble(JointHistogram.Cell::x))
                .orElseThrow();
        assertEquals(1, highest.x(), pairs.step(100));
        assertEquals(1, highest.y(), pairs.step(100));
    }

    @Test
    void refusesFilesOfAnotherModel() {
        Tensor vector = Tensor.of(Shape.of(6), 1.0, 1.0, 1.0, 1.0, 1.0, 1.0);
        PassInputs inputs = new PassInputs(Map.of("w", MATRIX), Map.of("w", vector), Map.of(), Map.of(), List.of());
        SquisherException refused = assertThrows(SquisherException.class, () -> SensitivityPass.over(inputs));
        assertEquals(
                "'w' is [2, 3] in the diagonal and [6] in the weights; give the files of one model",
                refused.getMessage());
    }
}
