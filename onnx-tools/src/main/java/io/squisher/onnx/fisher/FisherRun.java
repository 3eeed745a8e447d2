package io.squisher.onnx.fisher;

import io.squisher.SquisherException;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How far an estimation goes.
 *
 * @param partial where sums are saved now and then, and found again after an interruption
 * @param until ends when the relative standard error of each tensor is below it, or the examples are at their end
 * @param shard which part of a data set the request's examples are; stands beside the sums
 * @param saveEvery nanoseconds to wait before sums are saved again
 */
public record FisherRun(
        Optional<PartialSums> partial, OptionalDouble until, Optional<FisherShard> shard, long saveEvery) {
    private static final long SAVE_EVERY_NANOSECONDS = 30_000_000_000L;

    /** Through all examples at once. */
    public static final FisherRun ALL =
            new FisherRun(Optional.empty(), OptionalDouble.empty(), Optional.empty(), SAVE_EVERY_NANOSECONDS);

    public FisherRun {
        if (until.isPresent() && !(until.getAsDouble() > 0)) {
            throw new SquisherException("a relative standard error to stop at is above 0, not " + until.getAsDouble());
        }
        if (until.isPresent() && shard.isPresent()) {
            throw new SquisherException("a shard is computed whole, without a standard error to stop at: how well the"
                    + " sum of all shards is known, none of them can tell");
        }
    }

    /** With sums that are saved now and then. */
    public FisherRun savedIn(PartialSums sums) {
        return new FisherRun(Optional.of(sums), until, shard, saveEvery);
    }

    FisherRun saveEvery(long nanoseconds) {
        return new FisherRun(partial, until, shard, nanoseconds);
    }

    /** Only until the relative standard error of each tensor is below {@code error}. */
    public FisherRun until(double error) {
        return new FisherRun(partial, OptionalDouble.of(error), shard, saveEvery);
    }

    /** Of one shard of a data set. */
    public FisherRun ofShard(FisherShard part) {
        return new FisherRun(partial, until, Optional.of(part), saveEvery);
    }
}
