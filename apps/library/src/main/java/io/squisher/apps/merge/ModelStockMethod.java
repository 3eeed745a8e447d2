package io.squisher.apps.merge;

import io.squisher.apps.plan.Problems;
import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Model stock (Jang, Yun and Han 2024, "Model stock: all we need is just a few fine-tuned models"), each tensor a vector:
 * θ = t θ̄ + (1 − t) θ_0, with the mean θ̄ of N models, t = N cos φ / (1 + (N − 1) cos φ), and cos φ the mean cosine between
 * two task vectors θ_i − θ_0 and θ_j − θ_0. What fine-tuning changed the same way in all models stays, and where their changes
 * have nothing to do with each other the base does.
 *
 * <p>A negative cos φ counts as 0: the formula would leave the base the other way. A task vector of 0 has the cosine 0 with all.
 * Models count alike, and Fishers are not used.
 */
public final class ModelStockMethod implements MergeMethod {
    private final MergeInput base;

    /**
     * Merges fine-tuned descendants of {@code base}.
     *
     * @param base the common ancestor; its weight and Fisher are not used
     */
    public ModelStockMethod(MergeInput base) {
        this.base = base;
    }

    @Override
    public String name() {
        return "model-stock";
    }

    @Override
    public Map<String, String> variant() {
        Map<String, String> variant = new LinkedHashMap<>();
        variant.put("base", base.weights().path().getFileName().toString());
        return variant;
    }

    @Override
    public List<MergeInput> references() {
        return List.of(base);
    }

    @Override
    public void check(List<MergeInput> models, Problems problems) {
        models.stream()
                .filter(model -> !model.share().equals(ModelWeight.ONE))
                .forEach(model -> problems.add("'" + model.label()
                        + "' has a weight, and model-stock finds from angles how much the models count; leave it out"));
    }

    @Override
    public Prepared prepare(List<MergeInput> models, Set<String> merged) {
        return new Prepared(
                name -> merge(models, name),
                List.of(),
                models.stream().map(model -> "not used").toList());
    }

    private Tensor merge(List<MergeInput> models, String name) {
        List<Tensor> inputs = new ArrayList<>(List.of(base.weights().tensor(name)));
        models.forEach(model -> inputs.add(model.weights().tensor(name)));
        Supplier<Double> ratio = new Deferred<>(() -> ratio(inputs));
        return new ComputedTensor(TensorSpec.of(inputs.get(1)), inputs, (start, count, values, output) -> {
            double t = ratio.get();
            int size = models.size();
            for (int i = 0; i < count; i++) {
                double sum = 0;
                for (int model = 1; model <= size; model++) {
                    sum += values[model][i];
                }
                output[i] = t * sum / size + (1 - t) * values[0][i];
            }
        });
    }

    /** t, of θ_0 and the θ_i. */
    private static double ratio(List<Tensor> tensors) {
        int models = tensors.size() - 1;
        double[][] products = products(tensors);
        double cosines = 0;
        for (int i = 0; i < models; i++) {
            for (int j = 0; j < i; j++) {
                double lengths = Math.sqrt(products[i][i]) * Math.sqrt(products[j][j]);
                cosines += lengths > 0 ? products[i][j] / lengths : 0;
            }
        }
        double cosine = Math.max(0, Math.min(1, cosines / (models * (models - 1) / 2.0)));
        return models * cosine / (1 + (models - 1) * cosine);
    }

    /** The scalar products of all task vectors, for i ≥ j. */
    private static double[][] products(List<Tensor> tensors) {
        int models = tensors.size() - 1;
        double[][] products = new double[models][models];
        Tensor first = tensors.get(0);
        ChunkReader reader = ChunkReader.upTo(first.size());
        int size = (int) Math.max(1, Math.min(first.size(), ChunkReader.DEFAULT_ELEMENTS));
        double[][] chunks = new double[models + 1][size];
        int count;
        for (long start = 0; (count = reader.read(first, start, chunks[0])) > 0; start += count) {
            for (int model = 1; model <= models; model++) {
                reader.read(tensors.get(model), start, chunks[model]);
            }
            for (int i = 0; i < models; i++) {
                for (int j = 0; j <= i; j++) {
                    products[i][j] += product(chunks, i + 1, j + 1, count);
                }
            }
        }
        return products;
    }

    private static double product(double[][] chunks, int i, int j, int count) {
        double sum = 0;
        for (int at = 0; at < count; at++) {
            sum += (chunks[i][at] - chunks[0][at]) * (chunks[j][at] - chunks[0][at]);
        }
        return sum;
    }
}
