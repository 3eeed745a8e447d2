package io.squisher.apps.compare;

/**
 * How well the coordinates of a diagonal A agree with those of a diagonal B.
 *
 * @param elements coordinates compared
 * @param ranked coordinates that the rank figures rest on: all of them up to {@link Comparison#RANKED_LIMIT}, beyond it
 *     that many at even distances
 * @param spearman rank correlation with average ranks for ties, −1 to 1; NaN where A or B is constant
 * @param topOverlap share of A's k largest coordinates that are among B's k largest, 0 to 1
 * @param scaleRatio ΣB / ΣA: how many times larger B is than the reference A, on average; NaN where both are 0
 * @param cosine cosine of the angle between A and B as vectors; NaN where one is 0
 * @param relativeError largest relative error of B, with A as the reference: |b−a|/|a| where |a| exceeds a millionth of
 *     A's largest magnitude in the tensor, below that |b−a| divided by that magnitude. A tensor of A whose largest
 *     magnitude is at most 1e-14 of the whole of A's counts as 0: the error is 0 if B stays below 1e-7 of A's largest
 *     there, else infinite
 * @param distance Euclidean norm of B − A over that of A; NaN where both are 0
 * @param normRatio Euclidean norm of B over that of A; NaN where both are 0
 */
public record Agreement(
        long elements,
        long ranked,
        double spearman,
        double topOverlap,
        double scaleRatio,
        double cosine,
        double relativeError,
        double distance,
        double normRatio) {}
