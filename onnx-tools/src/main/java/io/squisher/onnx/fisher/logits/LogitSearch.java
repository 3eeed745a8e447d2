package io.squisher.onnx.fisher.logits;

import io.squisher.onnx.graph.Node;
import io.squisher.onnx.shape.GraphValues;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Goes back from a value through nodes that change no element, to the softmax or sigmoid behind them. What it finds is
 * exact: the nodes on the way are done to the logits instead of to the probabilities, so that every label keeps its place.
 */
final class LogitSearch {
    private final GraphFacts facts;
    private final GraphChange change;
    private final SoftmaxForms softmax;
    private final LogisticForms logistic;
    private final Movements movements;
    private final Unchanged unchanged;
    private final Map<Place, Finding> known = new HashMap<>();

    LogitSearch(GraphValues values, GraphChange change) {
        this.facts = new GraphFacts(values);
        this.change = change;
        this.softmax = new SoftmaxForms(facts);
        this.logistic = new LogisticForms(facts);
        this.movements = new Movements(facts);
        this.unchanged = new Unchanged(facts);
    }

    /** The logits of a value as an output: of probabilities, or else of their logarithms. */
    Finding find(String output, int axis) {
        Place place = new Place(output, Domain.PROBABILITY, axis, "");
        Finding found = find(place);
        return found instanceof Finding.Nothing ? find(place.in(Domain.LOG_PROBABILITY)) : found;
    }

    private Finding find(Place place) {
        Finding found = known.get(place);
        if (found == null) {
            found = facts.producer(place.value())
                    .map(node -> search(node, place))
                    .orElse(Finding.NOTHING);
            known.put(place, found);
        }
        return found;
    }

    private Finding search(Node node, Place place) {
        Optional<Form> form = softmax.match(node, place.domain());
        if (form.isPresent()) {
            return ofSoftmax(node, place, form.get());
        }
        form = logistic.match(node, place.domain());
        if (form.isPresent()) {
            return ofLogistic(node, place, form.get());
        }
        boolean logarithm = place.domain() == Domain.LOG_PROBABILITY;
        if (node.op().equals(logarithm ? "Log" : "Exp")) {
            return find(place.at(node.input(0)).in(logarithm ? Domain.PROBABILITY : Domain.LOG_PROBABILITY));
        }
        Optional<String> complemented = logarithm ? Optional.empty() : facts.complemented(place.value());
        if (complemented.isPresent()) {
            return ofComplement(place, complemented.get());
        }
        Optional<Finding> pair = ofPair(node, place);
        return pair.isPresent()
                ? pair.get()
                : renormalised(node, place)
                        .or(() -> unchanged.through(node, place))
                        .or(() -> movements.through(node, place))
                        .map(passage -> through(node, place, passage))
                        .orElse(Finding.NOTHING);
    }

    private Finding ofSoftmax(Node node, Place place, Form form) {
        if (!place.hasClasses()) {
            return new Finding.Lost(
                    node + " gives probabilities of classes, which --likelihood categorical takes", node);
        }
        if (!place.isExact()) {
            return new Finding.Lost(place.loss(), node);
        }
        int axis = form.axis().orElseThrow();
        return axis == place.axis()
                ? new Finding.Logits(form.logits(), node)
                : new Finding.Lost(
                        node + " normalises over axis " + axis + " of " + facts.shape(node.output(0))
                                + ", and the likelihood's classes are in its axis " + place.axis()
                                + " (--axis chooses)",
                        node);
    }

    private Finding ofLogistic(Node node, Place place, Form form) {
        if (place.hasClasses()) {
            // Some models have a log-sigmoid for each class, whose logarithms are scores like any other.
            return place.domain() == Domain.LOG_PROBABILITY
                    ? Finding.NOTHING
                    : new Finding.Lost(
                            node + " gives a yes/no probability for each element, which --likelihood bernoulli takes",
                            node);
        }
        if (!place.isExact()) {
            return new Finding.Lost(place.loss(), node);
        }
        return new Finding.Logits(form.negative() ? change.negative(form.logits()) : form.logits(), node);
    }

    /** {@code 1 − σ(z) = σ(−z)}; of a softmax it is none. */
    private Finding ofComplement(Place place, String complemented) {
        Place before = place.at(complemented);
        Finding found =
                find(place.hasClasses() ? before.losing("'" + place.value() + "' is 1 less a probability") : before);
        return found instanceof Finding.Logits logits
                ? new Finding.Logits(change.negative(logits.value()), logits.activation())
                : found;
    }

    /** {@code [1 − p, p]} along the classes, where p is a sigmoid of z: a softmax of {@code [−z/2, z/2]}. */
    private Optional<Finding> ofPair(Node node, Place place) {
        boolean pair = node.op().equals("Concat")
                && place.hasClasses()
                && place.isExact()
                && place.domain() == Domain.PROBABILITY
                && node.inputs().size() == 2
                && facts.shape(node.output(0)).size(place.axis()) == 2
                && facts.shape(node.input(0)).size(place.axis()) == 1
                && areComplements(node.input(0), node.input(1));
        if (!pair) {
            return Optional.empty();
        }
        Place element = place.withAxis(Place.NO_CLASSES);
        Finding first = find(element.at(node.input(0)));
        Finding second = find(element.at(node.input(1)));
        if (first instanceof Finding.Logits a && second instanceof Finding.Logits b) {
            String both = change.repeated(node, List.of(a.value(), b.value()), place.value());
            return Optional.of(new Finding.Logits(change.scaled(both, 0.5f), b.activation()));
        }
        return Optional.empty();
    }

    /** Whether the two add up to 1, the same rearrangements behind them. */
    private boolean areComplements(String a, String b) {
        boolean direct = facts.complemented(a).filter(p -> facts.isSame(p, b)).isPresent()
                || facts.complemented(b).filter(p -> facts.isSame(p, a)).isPresent();
        Optional<Node> left = facts.producer(a);
        Optional<Node> right = facts.producer(b);
        if (direct || left.isEmpty() || right.isEmpty() || !GraphFacts.sameOperation(left.get(), right.get())) {
            return direct;
        }
        boolean sameArguments = true;
        for (int i = 1; i < left.get().inputs().size(); i++) {
            sameArguments &= facts.isSame(left.get().input(i), right.get().input(i));
        }
        Place place = new Place(a, Domain.PROBABILITY, Place.NO_CLASSES, "");
        boolean passes = unchanged
                .through(left.get(), place)
                .or(() -> movements.through(left.get(), place))
                .filter(passage -> passage.positions().equals(List.of(0)))
                .isPresent();
        return passes
                && sameArguments
                && areComplements(left.get().input(0), right.get().input(0));
    }

    /** Probabilities over their sum, which is 1. */
    private Optional<Passage> renormalised(Node node, Place place) {
        boolean divided = node.op().equals("Div") && place.hasClasses() && place.domain() == Domain.PROBABILITY;
        if (!divided) {
            return Optional.empty();
        }
        int reduced =
                facts.reducedAxis(node.input(1), "ReduceSum", node.input(0)).orElse(Place.NO_CLASSES);
        return reduced == place.axis() ? Optional.of(Passage.unchanged(place.at(node.input(0)), 0)) : Optional.empty();
    }

    private Finding through(Node node, Place place, Passage passage) {
        List<Finding> findings = passage.before().stream().map(this::find).toList();
        if (findings.stream().allMatch(Finding.Nothing.class::isInstance)) {
            return Finding.NOTHING;
        }
        Optional<Finding> lost =
                findings.stream().filter(Finding.Lost.class::isInstance).findFirst();
        if (lost.isPresent()) {
            return lost.get();
        }
        List<Finding.Logits> logits = findings.stream()
                .filter(Finding.Logits.class::isInstance)
                .map(Finding.Logits.class::cast)
                .toList();
        Node activation = logits.get(0).activation();
        if (logits.size() < findings.size()) {
            return new Finding.Lost(node + " puts it together with other values", activation);
        }
        if (!passage.rearranges()) {
            return logits.get(0);
        }
        List<String> inputs = new ArrayList<>(node.inputs());
        for (int i = 0; i < logits.size(); i++) {
            inputs.set(passage.positions().get(i), logits.get(i).value());
        }
        return new Finding.Logits(change.repeated(node, inputs, place.value()), activation);
    }
}
