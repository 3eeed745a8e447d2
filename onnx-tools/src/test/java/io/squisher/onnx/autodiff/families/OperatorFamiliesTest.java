package io.squisher.onnx.autodiff.families;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.cases.SomeCases;
import io.squisher.onnx.autodiff.CheckedCase;
import io.squisher.onnx.autodiff.CheckedCase.Status;
import io.squisher.onnx.evaluator.testdata.OneNodeModel;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Random models of each family: ONNX Runtime's forward against the evaluator in double precision, our gradient against
 * central differences of it.
 */
class OperatorFamiliesTest {
    /** Widens the search: {@code -Dsquisher.seeds=5} draws five times as many models. */
    private static final long TIMES = Integer.getInteger("squisher.seeds", 1);

    private static final Set<Status> GOOD = Set.of(Status.PASSED, Status.WITHOUT_GRADIENT);

    @TestFactory
    Stream<DynamicContainer> families() {
        return OperatorFamilies.all().stream()
                .map(family -> DynamicContainer.dynamicContainer(
                        family.name(),
                        seeds(family).stream()
                                .map(seed -> DynamicTest.dynamicTest("seed " + seed, () -> check(family, seed)))));
    }

    /** Half of them without {@code -Pslow}, all when more are asked for. */
    private static List<Long> seeds(OperatorFamilies.Family family) {
        List<Long> seeds =
                LongStream.rangeClosed(1, family.cases() * TIMES).boxed().toList();
        return TIMES > 1 ? seeds : SomeCases.of(seeds, 2, family.name());
    }

    private static void check(OperatorFamilies.Family family, long seed) {
        OneNodeModel model = family.draw().apply(new Draw(seed));
        CheckedCase result = CheckedCase.check(model);
        assertTrue(
                GOOD.contains(result.status()),
                () -> family.name() + ", seed " + seed + ", " + model + ": " + result.status() + " " + result.detail());
    }
}
