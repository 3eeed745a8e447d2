package io.squisher.apps.compress;

import io.squisher.SquisherException;
import io.squisher.Version;
import io.squisher.apps.plan.FisherCheck;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.plan.Problems;
import io.squisher.apps.plan.Sensitivity;
import io.squisher.internal.gson.JsonObject;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.weights.ContentHash;
import io.squisher.weights.WeightSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes two products of linear layers: a singular value decomposition that the Fisher weighs (Hsu et al., "Language model
 * compression with weighted low-rank factorization", ICLR 2022), with ranks for which the expected rise of the loss is least within a
 * budget of weights. Layers are taken to rise the loss each for itself, as a diagonal says. One layer at a time is in memory, in
 * float64; the factors of all are, in their own type.
 */
public final class Compression {
    /** Metadata key; the value is a JSON object. */
    static final String KEY = "squisher.compress";

    private static final String TASK = "cannot compress";

    /** A matrix, its Fisher and its decomposition take 8 bytes a weight each, several times. */
    private static final long MOST_WEIGHTS = 1L << 27;

    private final WeightSource model;
    private final List<LinearLayer> layers;
    private final Optional<Sensitivity> sensitivity;
    private final CompressionOptions options;

    private Compression(
            WeightSource model,
            List<LinearLayer> layers,
            Optional<Sensitivity> sensitivity,
            CompressionOptions options) {
        this.model = model;
        this.layers = layers;
        this.sensitivity = sensitivity;
        this.options = options;
    }

    /**
     * The compression of a model that is open.
     *
     * @param linear the linear layers of its graph
     * @param fisher needed by the methods that weigh with it; the others say with it what they cost
     * @throws SquisherException if there is nothing to compress, or the Fisher belongs to other weights
     */
    public static Compression of(
            WeightSource model, List<LinearLayer> linear, Optional<NamedFisher> fisher, CompressionOptions options) {
        List<LinearLayer> layers = linear.stream()
                .filter(layer -> options.exclude()
                        .map(pattern -> !pattern.matcher(layer.name()).find())
                        .orElse(true))
                .filter(layer -> RankCosts.largestRank(inputs(model, layer), outputs(model, layer)) > 0)
                .sorted(Comparator.comparing(LinearLayer::name))
                .toList();
        if (layers.isEmpty()) {
            throw new SquisherException("'" + model.path()
                    + "' has no linear layer to compress: a matrix that only products with the layer's input read, and"
                    + " that has more weights than a product of rank 1; see --exclude");
        }
        List<String> names = layers.stream().map(LinearLayer::name).toList();
        Problems problems = new Problems(TASK);
        for (String name : names) {
            if (model.tensor(name).size() > MOST_WEIGHTS) {
                problems.add("'" + name + "' of '" + model.path() + "' has "
                        + model.tensor(name).size() + " weights, and " + MOST_WEIGHTS
                        + " is the most that is decomposed in memory; leave it out with --exclude");
            }
        }
        if (options.method().needsFisher() && fisher.isEmpty()) {
            problems.add(
                    "the factors are weighted by a Fisher; give it with --fisher, or take the baseline --method svd");
        }
        fisher.ifPresent(named -> new FisherCheck(problems, options.allowOtherModel()).check(model, named, names));
        problems.throwIfAny();
        Optional<Sensitivity> sensitivity = fisher.map(named -> Sensitivity.of(named, options.scale()));
        return new Compression(model, layers, sensitivity, options);
    }

    private static int inputs(WeightSource model, LinearLayer layer) {
        return Math.toIntExact(model.tensor(layer.name()).shape().dim(layer.inputAxis()));
    }

    private static int outputs(WeightSource model, LinearLayer layer) {
        return Math.toIntExact(model.tensor(layer.name()).shape().dim(1 - layer.inputAxis()));
    }

    /**
     * Decomposes all layers, and chooses their ranks.
     *
     * @throws SquisherException if no ranks stay within the budget, or a number is not finite
     */
    public CompressionPlan plan() {
        List<LayerLosses> losses = new ArrayList<>();
        for (LinearLayer layer : layers) {
            LayerMatrix matrix = matrix(layer);
            losses.add(new LayerLosses(layer, matrix.inputs(), matrix.outputs(), RankCosts.of(matrix)));
        }
        RankPlanner planner = new RankPlanner(losses, options.budget());
        Map<CompressionMethod, RankAssignment> assignments = planner.assignments();
        RankAssignment chosen = assignments.get(options.method());
        if (chosen == null) {
            throw planner.beyond(TASK, options.method());
        }
        List<String> warnings = new ArrayList<>();
        sensitivity.ifPresent(of -> warnings.addAll(of.rescaling().warnings()));
        if (chosen.factorized() == 0) {
            warnings.add("all layers stay whole, since the budget has room for them; choose a smaller --budget");
        }
        if (chosen.unit() > 1) {
            warnings.add(
                    "sizes were rounded up to multiples of " + chosen.unit()
                            + " weights to divide the budget, so that the plan may miss the best one by as much for each layer");
        }
        return new CompressionPlan(
                losses, assignments, options.method(), Map.of(KEY, metadata(losses, chosen)), warnings);
    }

    /** The factors of the layers that a plan of this compression factorizes, in ascending order of the names. */
    public List<LayerFactors> factors(CompressionPlan plan) {
        List<LayerFactors> factors = new ArrayList<>();
        for (LinearLayer layer : layers) {
            RankLoss rank = plan.chosen().chosen().get(layer.name());
            if (!rank.isWhole()) {
                factors.add(factors(layer, plan.method(), rank.rank()));
            }
        }
        return factors;
    }

    private LayerFactors factors(LinearLayer layer, CompressionMethod method, int rank) {
        LayerMatrix matrix = matrix(layer);
        Factorization factorization = RankCosts.factorization(matrix, method, rank);
        ElementType type = model.tensor(layer.name()).type();
        return new LayerFactors(
                layer.name(),
                stored(layer, type, Shape.of(matrix.inputs(), rank), factorization.first(rank)),
                stored(layer, type, Shape.of(rank, matrix.outputs()), factorization.second(rank)));
    }

    private Tensor stored(LinearLayer layer, ElementType type, Shape shape, double... values) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, type.bytes()))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.length; i++) {
            if (!(Math.abs(type.round(values[i])) <= Double.MAX_VALUE)) {
                throw new SquisherException(TASK + ": a factor of '" + layer.name() + "' of '" + model.path()
                        + "' has the entry " + values[i] + ", which " + type + " does not hold; leave it out with"
                        + " --exclude, or compress the model in float32");
            }
            type.putDouble(bytes, i * type.bytes(), values[i]);
        }
        return Tensor.of(type, shape, bytes);
    }

    private LayerMatrix matrix(LinearLayer layer) {
        int inputs = inputs(model, layer);
        int outputs = outputs(model, layer);
        double[] weights = model.tensor(layer.name()).toDoubles();
        for (int i = 0; i < weights.length; i++) {
            if (!(Math.abs(weights[i]) <= Double.MAX_VALUE)) {
                throw new SquisherException("'" + model.path() + "': parameter '" + layer.name() + "' has " + weights[i]
                        + " at element " + i + "; such a model cannot be compressed");
            }
        }
        return new LayerMatrix(
                inputs,
                outputs,
                LayerMatrix.inputsFirst(weights, inputs, outputs, layer.inputAxis()),
                sensitivity.map(of ->
                        LayerMatrix.inputsFirst(of.of(layer.name()).toDoubles(), inputs, outputs, layer.inputAxis())));
    }

    private String metadata(List<LayerLosses> losses, RankAssignment chosen) {
        JsonObject json = new JsonObject();
        json.addProperty("method", word(options.method()));
        json.addProperty("budget", options.budget());
        sensitivity.ifPresent(of -> {
            new TreeMap<>(of.variant()).forEach(json::addProperty);
            json.addProperty("scale", options.scale().toString());
            if (of.fisher().dataSize() > 0) {
                json.addProperty("examples", of.fisher().dataSize());
            }
        });
        options.exclude().ifPresent(pattern -> json.addProperty("exclude", pattern.pattern()));
        List<String> names = layers.stream().map(LinearLayer::name).toList();
        json.addProperty("weights_hash", ContentHash.of(names, model::tensor));
        json.addProperty(
                "weights_before",
                losses.stream().mapToLong(LayerLosses::weights).sum());
        json.addProperty("weights_after", chosen.weights());
        JsonObject ranks = new JsonObject();
        chosen.chosen().forEach((name, rank) -> {
            if (!rank.isWhole()) {
                ranks.addProperty(name, rank.rank());
            }
        });
        json.add("ranks", ranks);
        json.addProperty("tool_version", Version.text());
        return json.toString();
    }

    /** As options and files spell it. */
    static String word(CompressionMethod method) {
        return method.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String toString() {
        return "compression of " + layers.size() + " layers of " + model.path() + ": call plan()";
    }
}
