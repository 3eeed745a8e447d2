package io.squisher.apps.compress;

import io.squisher.SquisherException;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/**
 * The best factors of a matrix W [inputs, outputs] at every rank r, where rows count by r_i and columns by c_j: the least
 * Σ_ij (r_i (W − A B)_ij c_j)² over A [inputs, r] and B [r, outputs].
 *
 * <p>With R W C = U Σ Vᵀ for the diagonal matrices R and C, Eckart and Young's theorem gives R A B C = U_r Σ_r V_rᵀ. Instead of
 * dividing that by R, which loses digits where an r_i is small, the factors are A = W C V_r and B = V_rᵀ C⁻¹, which is the same:
 * R W C V_r = U_r Σ_r.
 *
 * <p>With r_i² the sum of row i of the Fisher and C = 1 this is FWSVD (Hsu et al., "Language model compression with weighted
 * low-rank factorization", ICLR 2022): a Fisher that differs within rows has no such closed form.
 */
final class Factorization {
    private final int inputs;
    private final int outputs;
    private final int most;
    private final double[] first;
    private final double[] second;

    private Factorization(int inputs, int outputs, int most, double[] first, double[] second) {
        this.inputs = inputs;
        this.outputs = outputs;
        this.most = most;
        this.first = first;
        this.second = second;
    }

    /**
     * Factors up to a rank.
     *
     * @param rows r_i, above 0
     * @param columns c_j, above 0
     * @param most the largest rank that is wanted, at most the smaller side
     */
    static Factorization of(LayerMatrix matrix, double[] rows, double[] columns, int most) {
        int inputs = matrix.inputs();
        int outputs = matrix.outputs();
        double[] weighted = matrix.weights().clone();
        for (int i = 0; i < weighted.length; i++) {
            weighted[i] *= rows[i / outputs] * columns[i % outputs];
        }
        double[][] directions = rightVectors(weighted, inputs, outputs, most);
        double[] first = new double[Math.multiplyExact(inputs, most)];
        double[] second = new double[Math.multiplyExact(most, outputs)];
        for (int k = 0; k < most; k++) {
            double[] direction = directions[k];
            for (int j = 0; j < outputs; j++) {
                second[k * outputs + j] = direction[j] / columns[j];
                direction[j] *= columns[j];
            }
            for (int i = 0; i < inputs; i++) {
                double sum = 0;
                for (int j = 0; j < outputs; j++) {
                    sum += matrix.weights()[i * outputs + j] * direction[j];
                }
                first[i * most + k] = sum;
            }
        }
        return new Factorization(inputs, outputs, most, first, second);
    }

    /** Those of the largest singular values, in descending order. */
    private static double[][] rightVectors(double[] matrix, int inputs, int outputs, int most) {
        DMatrixRMaj dense = DMatrixRMaj.wrap(inputs, outputs, matrix);
        SingularValueDecomposition_F64<DMatrixRMaj> decomposition =
                DecompositionFactory_DDRM.svd(inputs, outputs, false, true, true);
        if (!decomposition.decompose(dense)) {
            throw new SquisherException("the singular value decomposition of a matrix of " + inputs + " inputs and "
                    + outputs + " outputs did not converge; leave it out with --exclude");
        }
        double[] values = decomposition.getSingularValues();
        DMatrixRMaj vectors = decomposition.getV(null, true);
        int[] order = IntStream.range(0, decomposition.numberOfSingularValues())
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(k -> -values[k]))
                .mapToInt(Integer::intValue)
                .limit(most)
                .toArray();
        double[][] sorted = new double[most][outputs];
        for (int k = 0; k < most; k++) {
            System.arraycopy(vectors.data, order[k] * outputs, sorted[k], 0, outputs);
        }
        return sorted;
    }

    /** A [inputs, rank], row by row. */
    double[] first(int rank) {
        double[] part = new double[inputs * rank];
        for (int i = 0; i < inputs; i++) {
            System.arraycopy(first, i * most, part, i * rank, rank);
        }
        return part;
    }

    /** B [rank, outputs], row by row. */
    double[] second(int rank) {
        return java.util.Arrays.copyOf(second, rank * outputs);
    }

    /** Takes A's column k times B's row k from {@code rest}, which is W less the product of the columns and rows before. */
    void subtract(int k, double[] rest) {
        for (int i = 0; i < inputs; i++) {
            double factor = first[i * most + k];
            for (int j = 0; j < outputs; j++) {
                rest[i * outputs + j] -= factor * second[k * outputs + j];
            }
        }
    }
}
