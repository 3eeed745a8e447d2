package io.squisher.examples.reproduce.text.unit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnitRunsTest {
    private static final Pace PACE = new Pace(1, 1, 1, 1);
    private static final double ENDLESS = Double.POSITIVE_INFINITY;

    @TempDir
    Path folder;

    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private final List<String> measured = new ArrayList<>();

    private Unit unit(String name, double seconds) {
        return new Unit("merging", name, 1, Work.scoring(seconds), place -> {
            measured.add(name);
            return List.of(new TextPoint("accuracy", "Fisher", 0, "trec", 90));
        });
    }

    private UnitRuns runs(String fingerprint) {
        return new UnitRuns(folder, unit -> fingerprint, told::add);
    }

    @Test
    void whatIsThereIsNotRunAgain() {
        List<Unit> units = List.of(unit("a", 1), unit("b", 1));
        assertEquals(0, runs("x").run(List.of(units), trial -> PACE, ENDLESS));
        runs("x").run(List.of(units), trial -> PACE, ENDLESS);
        assertEquals(List.of("a", "b"), measured);
        assertEquals(List.of(), runs("x").missing(units));
        List<UnitResult> results = UnitRuns.results(folder).all();
        assertEquals(2, results.size());
        assertEquals(90, results.get(0).points().get(0).value());
        assertFalse(Files.exists(folder.resolve("scratch/merging-a-seed-1")));
    }

    @Test
    void otherConditionsAreRunAnew() {
        List<Unit> units = List.of(unit("a", 1));
        runs("x").run(List.of(units), trial -> PACE, ENDLESS);
        runs("y").run(List.of(units), trial -> PACE, ENDLESS);
        assertEquals(List.of("a", "a"), measured);
    }

    @Test
    void nothingIsStartedThatWouldNotEndInTime() {
        int missing = runs("x").run(List.of(List.of(unit("short", 0.001), unit("long", 1e6))), trial -> PACE, 0.01);
        assertEquals(1, missing);
        assertEquals(List.of("short"), measured);
        assertTrue(told.get(told.size() - 1).contains("goes on with 'merging, long, seed 1'"), told.toString());
    }

    @Test
    void saysBeforeHowLongItWillTake() {
        runs("x").run(List.of(List.of(unit("a", 600))), trial -> PACE, 0.001);
        assertTrue(told.get(0).contains("1 unit to run: about 10 min"), told.toString());
    }

    @Test
    void anInterruptedUnitFindsWhatItHadMeasured() {
        Unit broken = new Unit("ewc", "choice", 1, Work.NONE, place -> {
            place.notes().number("first", () -> 0.5);
            throw new IllegalStateException("interrupted");
        });
        assertEquals(1, runs("x").run(List.of(List.of(broken)), trial -> PACE, ENDLESS));
        Unit again = new Unit(
                "ewc",
                "choice",
                1,
                Work.NONE,
                place -> List.of(new TextPoint("a", "b", 0, "", place.notes().number("first", () -> Double.NaN))));
        runs("x").run(List.of(List.of(again)), trial -> PACE, ENDLESS);
        assertEquals(0.5, UnitRuns.results(folder).all().get(0).points().get(0).value());
    }

    @Test
    void aUnitThatFailsDoesNotKeepTheOthersFromRunning() {
        Unit broken = new Unit("ewc", "choice", 1, Work.NONE, place -> {
            throw new IllegalStateException("broken");
        });
        UnitRuns runs = runs("x");
        assertEquals(1, runs.run(List.of(List.of(broken, unit("a", 1))), trial -> PACE, ENDLESS));
        assertEquals(List.of("a"), measured);
        assertEquals("broken", runs.failures().get(0).getMessage());
        assertTrue(told.get(1).startsWith("ewc, choice, seed 1: failed"), told.toString());
    }

    @Test
    void workersRunUnitsAtTheSameTimeAndEachOnce() {
        CyclicBarrier together = new CyclicBarrier(2);
        List<String> done = Collections.synchronizedList(new ArrayList<>());
        List<List<Unit>> workers = Stream.of("one", "other")
                .map(worker -> Stream.of("a", "b", "c", "d")
                        .map(name -> new Unit("merging", name, 1, Work.NONE, place -> {
                            await(together);
                            done.add(name);
                            return List.of(new TextPoint("accuracy", worker, 0, "trec", 90));
                        }))
                        .toList())
                .toList();
        assertEquals(0, runs("x").run(workers, trial -> PACE, ENDLESS));
        assertEquals(List.of("a", "b", "c", "d"), done.stream().sorted().toList());
        assertTrue(told.get(0).startsWith("4 units to run, 2 at the same time"), told.toString());
        assertTrue(told.get(4).contains("(4 of 4"), told.toString());
    }

    /** Until another unit waits as well. */
    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void halfAFileIsNoResult() throws IOException {
        Files.createDirectories(folder.resolve("runs"));
        Files.writeString(folder.resolve("runs/merging-a-seed-1.json"), "{\"setting\":\"merg");
        assertEquals(1, runs("x").missing(List.of(unit("a", 1))).size());
    }
}
