package io.squisher.apps.compress;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeSet;

/** Measures what ranks cost a layer, whichever way its matrix is factorized. */
final class RankCosts {
    /** Of a large layer not every rank is a choice: the budget is divided in time that grows with the square of their number. */
    private static final int MOST_RANKS = 64;

    private RankCosts() {}

    /** The largest rank at which two products have fewer weights than one. */
    static int largestRank(int inputs, int outputs) {
        return (int) (((long) inputs * outputs - 1) / ((long) inputs + outputs));
    }

    /** The ranks to choose from, in ascending order: all, or about {@value #MOST_RANKS} that are as far from each other. */
    static List<Integer> ranks(int inputs, int outputs) {
        int largest = largestRank(inputs, outputs);
        int step = (largest + MOST_RANKS - 1) / MOST_RANKS;
        TreeSet<Integer> ranks = new TreeSet<>();
        for (int rank = step; rank > 0 && rank <= largest; rank += step) {
            ranks.add(rank);
        }
        if (largest > 0) {
            ranks.add(1);
            ranks.add(largest);
        }
        return List.copyOf(ranks);
    }

    /** Costs by method; those methods that need a Fisher are there if the matrix has one. */
    static Map<CompressionMethod, List<RankLoss>> of(LayerMatrix matrix) {
        Map<CompressionMethod, List<RankLoss>> costs = new EnumMap<>(CompressionMethod.class);
        List<RankLoss> plain = of(matrix, CompressionMethod.SVD);
        costs.put(CompressionMethod.SVD, plain);
        costs.put(CompressionMethod.UNIFORM, plain);
        if (matrix.fisher().isPresent()) {
            costs.put(CompressionMethod.FISHER, of(matrix, CompressionMethod.FISHER));
            costs.put(CompressionMethod.TWO_SIDED, of(matrix, CompressionMethod.TWO_SIDED));
        }
        return costs;
    }

    /** The factors of a method, up to a rank. */
    static Factorization factorization(LayerMatrix matrix, CompressionMethod method, int most) {
        double[] rows = method.needsFisher() ? matrix.rowImportance() : LayerMatrix.ones(matrix.inputs());
        double[] columns =
                method == CompressionMethod.TWO_SIDED ? matrix.columnImportance() : LayerMatrix.ones(matrix.outputs());
        return Factorization.of(matrix, rows, columns, most);
    }

    private static List<RankLoss> of(LayerMatrix matrix, CompressionMethod method) {
        int largest = largestRank(matrix.inputs(), matrix.outputs());
        Factorization factorization = factorization(matrix, method, largest);
        List<RankLoss> losses = new ArrayList<>();
        double[] rest = matrix.weights().clone();
        int taken = 0;
        for (int rank : ranks(matrix.inputs(), matrix.outputs())) {
            while (taken < rank) {
                factorization.subtract(taken++, rest);
            }
            losses.add(cost(matrix, rank, (long) rank * (matrix.inputs() + matrix.outputs()), rest));
        }
        losses.add(cost(matrix, RankLoss.WHOLE, matrix.weights().length, new double[rest.length]));
        return losses;
    }

    private static RankLoss cost(LayerMatrix matrix, int rank, long weights, double[] rest) {
        double error = 0;
        for (double difference : rest) {
            error += difference * difference;
        }
        OptionalDouble loss = matrix.fisher().isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(weighted(matrix.fisher().get(), rest) / 2);
        return new RankLoss(rank, weights, loss, error);
    }

    private static double weighted(double[] fisher, double[] rest) {
        double sum = 0;
        for (int i = 0; i < rest.length; i++) {
            sum += fisher[i] * rest[i] * rest[i];
        }
        return sum;
    }
}
