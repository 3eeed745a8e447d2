package io.squisher.examples.reproduce.text.model;

import io.squisher.examples.reproduce.setting.OpenFiles;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherScale;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The mean of several diagonals of one body, computed as it is read; open until closed. */
public final class MeanDiagonal implements AutoCloseable {
    private final OpenFiles files;
    private final FisherDiagonal diagonal;
    private final double factor;

    private MeanDiagonal(OpenFiles files, FisherDiagonal diagonal, double factor) {
        this.files = files;
        this.diagonal = diagonal;
        this.factor = factor;
    }

    /**
     * The mean of diagonals of one kind, in the scale of the first: accumulators of more steps are nearer to their limit.
     *
     * @param scale by which they are brought to one, and {@link #mean} is told
     */
    public static MeanDiagonal of(List<Path> paths, FisherScale scale) {
        OpenFiles files = new OpenFiles();
        List<FisherDiagonal> all = new ArrayList<>();
        paths.forEach(path -> all.add(files.fisher(path).diagonal()));
        double[] factors = all.stream().mapToDouble(one -> factor(one, scale)).toArray();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        FisherDiagonal first = all.get(0);
        for (String name : Bodies.ofBody(first.tensors()).keySet()) {
            List<Tensor> inputs = all.stream().map(one -> one.tensor(name)).toList();
            tensors.put(name, mean(inputs, factors));
        }
        return new MeanDiagonal(files, new FisherDiagonal(tensors, first.provenance()), factors[0]);
    }

    private static double factor(FisherDiagonal diagonal, FisherScale scale) {
        return scale.rescaling(diagonal.provenance(), "the diagonal").factor();
    }

    private static Tensor mean(List<Tensor> inputs, double... factors) {
        TensorSpec spec = new TensorSpec(ElementType.F64, inputs.get(0).shape());
        return new ComputedTensor(spec, inputs, (start, count, values, output) -> {
            for (int i = 0; i < count; i++) {
                double sum = 0;
                for (int input = 0; input < inputs.size(); input++) {
                    sum += factors[input] / factors[0] * values[input][i];
                }
                output[i] = sum / inputs.size();
            }
        });
    }

    public FisherDiagonal diagonal() {
        return diagonal;
    }

    /** The mean over all parameters of the body, brought to scale; closes the files. */
    public double mean() {
        double sum = 0;
        long count = 0;
        for (Tensor tensor : diagonal.tensors().values()) {
            for (double value : tensor.toDoubles()) {
                sum += value;
            }
            count += tensor.size();
        }
        close();
        return factor * sum / count;
    }

    @Override
    public void close() {
        files.close();
    }
}
