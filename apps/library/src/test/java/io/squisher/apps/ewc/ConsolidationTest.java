package io.squisher.apps.ewc;

import static io.squisher.apps.Fixtures.fisher;
import static io.squisher.apps.Fixtures.vector;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.apps.ModelsOnDisk;
import io.squisher.apps.ewc.EwcOptions.Mode;
import io.squisher.apps.ewc.LambdaConvention.FisherUnit;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherScale;
import io.squisher.proto.Accumulator;
import io.squisher.proto.Provenance;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ConsolidationTest extends ModelsOnDisk {
    private EwcTask task(Tensor weights, Tensor importance) {
        WeightSource source = model(Map.of("w", weights));
        return new EwcTask(source, new FisherImportance(fisher("f", Map.of("w", importance)), FisherScale.NONE), 1);
    }

    private static EwcPenalty consolidate(Mode mode, double decay, EwcTask... tasks) {
        return Consolidation.of(List.of(tasks), new EwcOptions(mode, decay, Optional.empty()));
    }

    @Test
    void separateTasksBecomeOneQuadratic() {
        EwcTask one = task(vector(1, 0, 5), vector(2, 0, 0));
        EwcTask two = task(vector(4, 3, 6), vector(1, 5, 0));
        EwcPenalty penalty = consolidate(Mode.SEPARATE, 1, one, two);
        assertArrayEquals(new double[] {3, 5, 0}, penalty.fisher().get("w").toDoubles(), 1e-15);
        assertArrayEquals(new double[] {2, 3, 6}, penalty.anchor().get("w").toDoubles(), 1e-15);

        // The sum of both penalties and the one differ by a constant: 3/2 (2 (1-2)^2 + 1 (4-2)^2) = 9.
        EwcPenalty first = consolidate(Mode.SEPARATE, 1, one);
        EwcPenalty second = consolidate(Mode.SEPARATE, 1, two);
        Random random = new Random(23);
        for (int trial = 0; trial < 5; trial++) {
            Tensor theta = vector(random.nextGaussian(), random.nextGaussian(), random.nextGaussian());
            double difference =
                    first.value(3, name -> theta) + second.value(3, name -> theta) - penalty.value(3, name -> theta);
            assertEquals(9, difference, 1e-10, "seed 23 trial " + trial);
        }
        EwcOptions separate = new EwcOptions(Mode.SEPARATE, 1, Optional.empty());
        assertEquals(6, Consolidation.spread(List.of(one, two), separate, penalty), 1e-12);
        EwcOptions online = new EwcOptions(Mode.ONLINE, 0.9, Optional.empty());
        assertEquals(0, Consolidation.spread(List.of(one, two), online, penalty));
    }

    @Test
    void onlineDecaysTheOldAndStaysAtTheLast() {
        EwcPenalty penalty = consolidate(
                Mode.ONLINE, 0.5, task(vector(1), vector(8)), task(vector(2), vector(4)), task(vector(3), vector(1)));
        assertArrayEquals(
                new double[] {8 * 0.25 + 4 * 0.5 + 1}, penalty.fisher().get("w").toDoubles(), 1e-15);
        assertArrayEquals(new double[] {3}, penalty.anchor().get("w").toDoubles());
    }

    @Test
    void valueByHandAndGradientByCentralDifferences() {
        EwcPenalty penalty = consolidate(Mode.ONLINE, 1, task(vector(1, -1), vector(2, 3)));
        assertEquals(10 / 2.0 * (2 * 4 + 3 * 1), penalty.value(10, name -> vector(3, -2)), 1e-12);

        double[] theta = {0.3, 1.7};
        double[] gradient = penalty.gradient(10, "w", vector(theta)).toDoubles();
        double step = 1e-5;
        for (int i = 0; i < theta.length; i++) {
            double[] up = theta.clone();
            double[] down = theta.clone();
            up[i] += step;
            down[i] -= step;
            double numeric =
                    (penalty.value(10, name -> vector(up)) - penalty.value(10, name -> vector(down))) / (2 * step);
            assertEquals(numeric, gradient[i], 1e-6 * Math.abs(numeric));
        }
    }

    @Test
    void identityAndNoPenaltyAreImportancesToo() {
        WeightSource source = model(Map.of("w", vector(1, 2)));
        EwcPenalty identity = consolidate(Mode.SEPARATE, 1, new EwcTask(source, UniformImportance.identity(source), 1));
        assertEquals(new EwcPenalty.Extent(2, 2, 1), identity.extent());
        assertEquals(0.5 * (1 + 4), identity.value(1, name -> vector(0, 0)), 1e-15);
        EwcPenalty none = consolidate(Mode.SEPARATE, 1, new EwcTask(source, UniformImportance.none(source), 1));
        assertEquals(0, none.value(1, name -> vector(7, 7)));
    }

    @Test
    void leavesHeadsOutAndNamesWhatIsMissing() {
        WeightSource one = model(Map.of("body", vector(1), "head1", vector(1)));
        WeightSource two = model(Map.of("body", vector(2), "head2", vector(1)));
        List<EwcTask> tasks = List.of(
                new EwcTask(one, UniformImportance.identity(one), 1),
                new EwcTask(two, UniformImportance.identity(two), 1));
        SquisherException e = assertThrows(
                SquisherException.class,
                () -> Consolidation.of(tasks, new EwcOptions(Mode.SEPARATE, 1, Optional.empty())));
        assertTrue(e.getMessage().contains("lacks the parameters 'head1'"), e.getMessage());
        EwcPenalty penalty =
                Consolidation.of(tasks, new EwcOptions(Mode.SEPARATE, 1, Optional.of(Pattern.compile("head"))));
        assertArrayEquals(new double[] {1.5}, penalty.anchor().get("body").toDoubles());
    }

    @Test
    void convertsLambdaBetweenConventions() {
        LambdaConvention avalanche = new LambdaConvention(false, FisherUnit.MEAN);
        assertEquals(50, avalanche.fromOurs(100, 0, 0));
        assertEquals(100, avalanche.toOurs(50, 0, 0));
        assertEquals(0.1, new LambdaConvention(true, FisherUnit.SUM).fromOurs(100, 1000, 0), 1e-15);
        // F is about B times what an accumulator holds, so λ must be B times larger.
        assertEquals(12800, new LambdaConvention(true, FisherUnit.BATCHED).fromOurs(100, 0, 128), 1e-9);
        assertThrows(SquisherException.class, () -> new LambdaConvention(true, FisherUnit.SUM).fromOurs(100, 0, 0));
    }

    @Test
    void conventionsOfLambdaHaveNamesAndComeBack() {
        for (LambdaConvention convention : LambdaConvention.all()) {
            assertEquals(convention, LambdaConvention.parse(convention.toString()));
            double there = convention.fromOurs(7, 1000, 128);
            assertEquals(7, convention.toOurs(there, 1000, 128), 1e-12, convention.toString());
        }
        assertEquals(LambdaConvention.OURS, LambdaConvention.parse("half-mean"));
        assertThrows(SquisherException.class, () -> LambdaConvention.parse("double"));
    }

    @Test
    void warnsOfAnAccumulatorUnderAPenalty() {
        Provenance polluted = Provenance.newBuilder()
                .setKind(Provenance.Kind.ACCUMULATOR)
                .setAccumulator(
                        Accumulator.newBuilder().setDecay(0.9).setStep(100).setPenaltyActive(true))
                .build();
        NamedFisher named = new NamedFisher("v", new FisherDiagonal(Map.of("w", vector(1)), polluted));
        List<String> warnings = new FisherImportance(named, FisherScale.NONE).warnings();
        assertEquals(1, warnings.size());
        assertTrue(warnings.get(0).contains("reset the optimizer between tasks"), warnings.toString());
    }
}
