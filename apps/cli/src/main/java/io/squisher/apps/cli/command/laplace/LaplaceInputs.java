package io.squisher.apps.cli.command.laplace;

import io.squisher.SquisherException;
import io.squisher.apps.cli.model.NameMatching;
import io.squisher.apps.cli.model.OnnxOptions;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Console;
import io.squisher.apps.laplace.Predictions;
import io.squisher.apps.plan.FisherCheck;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.plan.Problems;
import io.squisher.apps.plan.Sensitivity;
import io.squisher.files.Opening;
import io.squisher.fisher.FisherFile;
import io.squisher.fisher.FisherScale;
import io.squisher.format.WeightFormats;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.DataFiles;
import io.squisher.onnx.data.DataPaths;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.evaluation.Evaluation;
import io.squisher.onnx.evaluation.LinearEnd;
import io.squisher.tensor.Tensor;
import io.squisher.weights.Role;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** The files of one run of {@code laplace}, open until it is over, and what the model says of the data. */
final class LaplaceInputs implements AutoCloseable {
    private static final int USUAL_DRAWS = 20;

    private final Values values;
    private final Console console;
    private final Opening opening;
    private final OnnxFile model;
    private final WeightSource weights;
    private final NamedFisher fisher;
    private final Sensitivity sensitivity;
    private final Map<Predictive.Part, Examples> examples = new EnumMap<>(Predictive.Part.class);
    private final Map<Predictive.Part, Collected> collected = new EnumMap<>(Predictive.Part.class);
    private Optional<LinearEnd> end = Optional.empty();

    private LaplaceInputs(Values values, Console console, Opening opening) {
        this.opening = opening;
        this.values = values;
        this.console = console;
        OnnxOptions options = new OnnxOptions(values);
        model = OnnxFile.read(options.model());
        weights = opening.add(WeightFormats.open(options.model()));
        Path file = values.requiredPath("fisher");
        FisherFile opened = opening.add(FisherFile.open(file));
        NameMatching matching = NameMatching.of(values, console);
        fisher = matching.matched(weights, new NamedFisher(file.toString(), opened.diagonal()));
        matching.requireUsed();
        Problems problems = new Problems("cannot make a posterior");
        new FisherCheck(problems, values.has("allow-other-model")).check(weights, fisher, List.of());
        problems.throwIfAny();
        sensitivity = Sensitivity.of(fisher, values.scale().orElse(FisherScale.BATCH_IF_KNOWN));
        examples.put(Predictive.Part.TEST, read(options.dataFiles()));
        examples.put(Predictive.Part.VALIDATION, read(DataPaths.expand(values.paths("validation"))));
    }

    static LaplaceInputs open(Values values, Console console) {
        Opening opening = new Opening();
        try {
            return new LaplaceInputs(values, console, opening);
        } catch (RuntimeException e) {
            opening.close();
            throw e;
        }
    }

    private Examples read(List<Path> files) {
        DataFiles data = opening.add(DataFiles.open(files));
        return new OnnxOptions(values).examples(data, model, console);
    }

    /** What the model gives, and its last layer gets, by example. */
    private static final class Collected {
        private final List<double[]> features = new ArrayList<>();
        private final List<double[]> logits = new ArrayList<>();
        private final List<Integer> labels = new ArrayList<>();

        Predictions predictions() {
            return new Predictions(
                    logits.toArray(double[][]::new),
                    labels.stream().mapToInt(Integer::intValue).toArray());
        }
    }

    private Collected collected(Predictive.Part part) {
        return collected.computeIfAbsent(part, missing -> {
            Collected into = new Collected();
            boolean last = values.choice("layers", LaplaceCommand.Layers.class)
                    .map(LaplaceCommand.Layers.LAST::equals)
                    .orElse(true);
            Evaluation evaluation = evaluation(model, part);
            if (last) {
                end = evaluation.lastLayer((features, logits, label) -> {
                    into.features.add(features);
                    into.logits.add(logits);
                    into.labels.add(label);
                });
            }
            if (end.isEmpty()) {
                collect(evaluation, into);
            }
            return into;
        });
    }

    private static void collect(Evaluation evaluation, Collected into) {
        evaluation.logits((example, logits, label) -> {
            into.logits.add(logits);
            into.labels.add(label);
        });
    }

    private Evaluation evaluation(OnnxFile file, Predictive.Part part) {
        OnnxOptions options = new OnnxOptions(values);
        return new Evaluation(
                file,
                examples.get(part),
                options.labels(),
                options.output(),
                options.outputsAreLogits(),
                options.likelihood(),
                OptionalInt.empty(),
                options.runtime(console));
    }

    /** What the model as it is says of a part of the data. */
    Predictions predictions(Predictive.Part part) {
        return collected(part).predictions();
    }

    /** The posterior's predictions: over the last layer where there is one and nothing else is wanted. */
    Predictive predictive() {
        Collected validation = collected(Predictive.Part.VALIDATION);
        Collected test = collected(Predictive.Part.TEST);
        Optional<LaplaceCommand.Layers> wanted = values.choice("layers", LaplaceCommand.Layers.class);
        if (end.isPresent()) {
            refuse("draws");
            refuse("seed");
            refuse("exclude");
            requireFisher(end.get());
            return new LastLayerPredictive(end.get(), sensitivity::of, data(validation), data(test));
        }
        if (wanted.equals(Optional.of(LaplaceCommand.Layers.LAST))) {
            throw new SquisherException("'" + model.path()
                    + "' does not end in a linear layer of stored weights; draw all weights with --layers all");
        }
        return new SampledPredictive(
                model,
                fisher(drawn()),
                (drawnModel, part) -> {
                    Collected into = new Collected();
                    collect(evaluation(drawnModel, part), into);
                    return into.predictions();
                },
                values.wholeNumber("draws").map(Math::toIntExact).orElse(USUAL_DRAWS),
                values.wholeNumber("seed").orElse(0L));
    }

    private void refuse(String option) {
        if (values.has(option)) {
            throw values.wrong("--" + option + " goes with --layers all");
        }
    }

    private void requireFisher(LinearEnd layer) {
        List<String> needed = new ArrayList<>(List.of(layer.weights()));
        layer.bias().ifPresent(needed::add);
        needed.removeAll(fisher.diagonal().names());
        if (!needed.isEmpty()) {
            throw new SquisherException("'" + fisher.label() + "' lacks the parameters " + FisherCheck.list(needed)
                    + " of the last layer; pass the Fisher of this model");
        }
    }

    private static LastLayerPredictive.LayerData data(Collected of) {
        return new LastLayerPredictive.LayerData(of.predictions(), of.features.toArray(double[][]::new));
    }

    private List<String> drawn() {
        Optional<Pattern> exclude = values.regex("exclude");
        List<String> names = fisher.diagonal().names().stream()
                .filter(name -> weights.role(name) == Role.PARAMETER)
                .filter(name ->
                        exclude.map(pattern -> !pattern.matcher(name).find()).orElse(true))
                .toList();
        if (names.isEmpty()) {
            throw new SquisherException("no parameter is left to draw; see --exclude");
        }
        return names;
    }

    /** The Fisher at scale, by tensor. */
    Map<String, Tensor> fisher(List<String> names) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        names.forEach(name -> tensors.put(name, sensitivity.of(name)));
        return tensors;
    }

    /** The weights themselves, by tensor. */
    Map<String, Tensor> weights(List<String> names) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        names.forEach(name -> tensors.put(name, weights.tensor(name)));
        return tensors;
    }

    boolean isAccumulator() {
        return fisher.kind().equals("accumulator");
    }

    String fisherName() {
        return fisher.fileName();
    }

    WeightSource weights() {
        return weights;
    }

    List<String> warnings() {
        return sensitivity.rescaling().warnings();
    }

    /** N: as given, or as the Fisher's file says. */
    double examples() {
        long count = values.wholeNumber("examples").orElseGet(fisher::dataSize);
        if (count <= 0) {
            throw new SquisherException("'" + fisher.label()
                    + "' does not say how many examples the model was trained on; give --examples N");
        }
        return count;
    }

    @Override
    public void close() {
        opening.close();
    }
}
