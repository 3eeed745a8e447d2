package io.squisher.apps.cli.command.unlearn;

import io.squisher.Counted;
import io.squisher.apps.cli.Command;
import io.squisher.apps.cli.Example;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.model.OnnxOptions;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Console;
import io.squisher.apps.cli.output.Json;
import io.squisher.apps.unlearn.MembershipCheck;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.internal.gson.JsonObject;
import io.squisher.onnx.data.DataFiles;
import io.squisher.onnx.data.DataPaths;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.evaluation.Evaluation;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code squisher membership}: whether a classifier betrays that it was trained on some examples. */
public final class MembershipCommand implements Command {
    @Override
    public String name() {
        return "membership";
    }

    @Override
    public String summary() {
        return "Check whether a classifier betrays that it was trained on some examples";
    }

    @Override
    public String arguments() {
        return "MODEL.onnx --data ASKED.npz --members R.npz --others T.npz";
    }

    @Override
    public Options options() {
        return OnnxOptions.declare()
                .addOption(Flags.value(
                        "members",
                        "R.npz",
                        Domain.PATH.repeated(),
                        "examples that the model was trained on, as --data; --limit holds for them too"))
                .addOption(Flags.value(
                        "others",
                        "T.npz",
                        Domain.PATH.repeated(),
                        "examples that it was never trained on, as --data; --limit holds for them too"))
                .addOption(Flags.value(
                        "by",
                        "NUMBER",
                        Domain.oneOf(Feature.class),
                        "what is known of an example: entropy (default, of the prediction) or loss (at its label)"))
                .addOption(Flags.json());
    }

    @Override
    public List<Example> examples() {
        return List.of(new Example(
                "after unlearning",
                "membership forgetful.onnx --data forget.npz --members retained.npz --others test.npz"));
    }

    private enum Feature {
        ENTROPY,
        LOSS
    }

    @Override
    public ExitCode run(CommandLine line, Console console) {
        Values values = new Values(name(), line);
        OnnxOptions options = new OnnxOptions(values);
        OnnxFile model = OnnxFile.read(options.model());
        values.requiredPath("data");
        double[] asked = numbers(values, options.dataFiles(), model, console);
        double[] members = numbers(values, files(values, "members"), model, console);
        double[] others = numbers(values, files(values, "others"), model, console);
        MembershipCheck.Result result = MembershipCheck.learn(members, others).ask(asked, members, others);
        console.print(String.format(
                Locale.ROOT,
                "%.4g of the %s are taken for members; the attack is right on %.4g of members and others, where 0.5 is"
                        + " a guess; area %.4g, where 0.5 looks as if never seen",
                result.asMembers(),
                Counted.of(asked.length, "example"),
                result.attack(),
                result.area()));
        JsonObject document = new JsonObject();
        document.add("as_members", Json.number(result.asMembers()));
        document.add("attack", Json.number(result.attack()));
        document.add("area", Json.number(result.area()));
        document.addProperty("examples", asked.length);
        document.addProperty("members", members.length);
        document.addProperty("others", others.length);
        console.printJson(document);
        return ExitCode.DONE;
    }

    private static List<Path> files(Values values, String option) {
        values.requiredPath(option);
        return DataPaths.expand(values.paths(option));
    }

    /** The number of each example that has a label: the mean over its labels. */
    private static double[] numbers(Values values, List<Path> files, OnnxFile model, Console console) {
        OnnxOptions options = new OnnxOptions(values);
        boolean loss = values.choice("by", Feature.class).orElse(Feature.ENTROPY) == Feature.LOSS;
        try (DataFiles data = DataFiles.open(files)) {
            Examples examples = options.examples(data, model, console);
            int count = Math.toIntExact(examples.count());
            double[] sums = new double[count];
            int[] labels = new int[count];
            new Evaluation(
                            model,
                            examples,
                            options.labels(),
                            options.output(),
                            options.outputsAreLogits(),
                            options.likelihood(),
                            OptionalInt.empty(),
                            options.runtime(console))
                    .logits((example, logits, label) -> {
                        sums[(int) example] += loss ? loss(logits, label) : entropy(logits);
                        labels[(int) example]++;
                    });
            return IntStream.range(0, count)
                    .filter(i -> labels[i] > 0)
                    .mapToDouble(i -> sums[i] / labels[i])
                    .toArray();
        }
    }

    /** −log p of a class, in nats. */
    static double loss(double[] logits, int label) {
        return logSum(logits) - logits[label];
    }

    /** −Σ p log p, in nats. */
    static double entropy(double[] logits) {
        double logSum = logSum(logits);
        double entropy = 0;
        for (double logit : logits) {
            double share = Math.exp(logit - logSum);
            entropy += share > 0 ? share * (logSum - logit) : 0;
        }
        return entropy;
    }

    private static double logSum(double[] logits) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double logit : logits) {
            largest = Math.max(largest, logit);
        }
        double sum = 0;
        for (double logit : logits) {
            sum += Math.exp(logit - largest);
        }
        return largest + Math.log(sum);
    }
}
