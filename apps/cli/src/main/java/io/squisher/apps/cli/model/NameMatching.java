package io.squisher.apps.cli.model;

import io.squisher.SquisherException;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Console;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.weights.RenamedWeights;
import io.squisher.weights.Renaming;
import io.squisher.weights.WeightSource;
import io.squisher.weights.WrapperNames;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.cli.Option;

/**
 * Brings the files of a command line to one set of names, those of its first model: by the rule of {@link WrapperNames} where all
 * names and shapes then agree, and as {@code --strip-prefix} says. Each renaming is a note.
 */
public final class NameMatching {
    private static final String OPTION = "strip-prefix";

    private final Optional<String> prefix;
    private final Optional<Console> console;
    private final Set<String> seen = new LinkedHashSet<>();

    private NameMatching(Optional<String> prefix, Optional<Console> console) {
        this.prefix = prefix;
        this.console = console;
    }

    /** {@code --strip-prefix PREFIX}. */
    public static Option option() {
        return Flags.value(
                OPTION,
                "PREFIX",
                Domain.TEXT,
                "match names without this beginning; prefixes of wrappers (module., _orig_mod., model.) go by themselves where"
                        + " all names and shapes then agree");
    }

    public static NameMatching of(Values values, Console console) {
        return new NameMatching(prefix(values), Optional.of(console));
    }

    /** The rule without a prefix. */
    public static NameMatching none(Console console) {
        return new NameMatching(Optional.empty(), Optional.of(console));
    }

    /** The prefix that is asked for; its point may be left out. */
    public static Optional<String> prefix(Values values) {
        return values.text(OPTION).map(text -> text.endsWith(".") || text.endsWith("/") ? text : text + ".");
    }

    /** {@code other} under the names of {@code reference}. */
    public WeightSource matched(WeightSource reference, WeightSource other) {
        Optional<Renaming> renaming = between(shapes(reference), shapes(other), false);
        renaming.ifPresent(found -> note(other.path().toString(), reference, found));
        return renaming.isPresent() ? new RenamedWeights(other, renaming.get()) : other;
    }

    /** {@code fisher} under the names of the model that it belongs to. */
    public NamedFisher matched(WeightSource reference, NamedFisher fisher) {
        return new NamedFisher(fisher.label(), matched(reference, fisher.label(), fisher.diagonal()));
    }

    public FisherDiagonal matched(WeightSource reference, String label, FisherDiagonal fisher) {
        Optional<Renaming> renaming = between(shapes(reference), shapes(fisher.tensors()), true);
        renaming.ifPresent(found -> note(label, reference, found));
        return renaming.map(fisher::renamed).orElse(fisher);
    }

    /** Tensors by name, of a mask for example, under the names of {@code reference}. */
    public Map<String, Tensor> matched(WeightSource reference, String label, Map<String, Tensor> tensors) {
        Optional<Renaming> renaming = between(shapes(reference), shapes(tensors), true);
        renaming.ifPresent(found -> note(label, reference, found));
        return renaming.map(found -> found.of(tensors)).orElse(tensors);
    }

    /**
     * How the names of some tensors of a model, whose shapes are not known, become those in its file. Whoever uses it has another
     * proof that they are the same, as a hash of all weights.
     */
    public Optional<Renaming> between(WeightSource model, String label, Set<String> names) {
        Optional<Renaming> renaming = between(shapeless(model.names()), shapeless(names), true);
        renaming.ifPresent(found -> note(label, model, found));
        return renaming;
    }

    private static Map<String, Shape> shapeless(Collection<String> names) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        names.forEach(name -> shapes.put(name, Shape.of()));
        return shapes;
    }

    /**
     * Refuses a prefix that no name of any file has.
     *
     * @throws SquisherException if one was given and none had it
     */
    public void requireUsed() {
        if (prefix.isPresent() && seen.stream().noneMatch(name -> name.startsWith(prefix.get()))) {
            throw new SquisherException("no tensor's name begins with '" + prefix.get() + "' (--" + OPTION + ")"
                    + seen.stream()
                            .findFirst()
                            .map(name -> "; one is '" + name + "'")
                            .orElse(""));
        }
    }

    private Optional<Renaming> between(Map<String, Shape> reference, Map<String, Shape> other, boolean subset) {
        seen.addAll(reference.keySet());
        seen.addAll(other.keySet());
        return prefix.isPresent()
                ? WrapperNames.between(reference, other, prefix.get())
                : WrapperNames.between(reference, other, subset);
    }

    /** The same rule without notes. */
    public NameMatching silent() {
        return new NameMatching(prefix, Optional.empty());
    }

    private void note(String label, WeightSource reference, Renaming renaming) {
        String line = "the names of '" + label + "' are those of '" + reference.path() + "' " + renaming.words();
        console.ifPresent(target -> target.note(line));
    }

    private static Map<String, Shape> shapes(WeightSource source) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        source.names().forEach(name -> shapes.put(name, source.tensor(name).shape()));
        return shapes;
    }

    private static Map<String, Shape> shapes(Map<String, Tensor> tensors) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        return shapes;
    }
}
