package io.squisher.apps.cli.command.fisher;

import io.squisher.apps.cli.Example;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.Job;
import io.squisher.apps.cli.WritingCommand;
import io.squisher.apps.cli.model.OnnxOptions;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.OutputKind;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Json;
import io.squisher.apps.cli.output.Report;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.DataFiles;
import io.squisher.onnx.fisher.FisherPlan;
import io.squisher.onnx.fisher.graph.FisherGraph;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.cli.Options;

/** {@code squisher fisher-graph}: the graph that computes a Fisher, as an ONNX file for any runtime. */
public final class FisherGraphCommand implements WritingCommand {
    @Override
    public String name() {
        return "fisher-graph";
    }

    @Override
    public String summary() {
        return "Write the graph that computes a model's Fisher, for any ONNX runtime";
    }

    @Override
    public String arguments() {
        return "MODEL.onnx --data D.npz -o GRAPH.onnx";
    }

    @Override
    public Options options() {
        return EstimationOptions.declare()
                .addOption(Flags.json())
                .addOption(Flags.output(
                        OutputKind.GRAPH,
                        "GRAPH.onnx",
                        "where the graph goes; a few examples of --data tell it the shapes. Its outputs are sums over"
                                + " the examples that it is fed, never means: of squared gradients, or for --kind joint of"
                                + " gradients. These are of the log-likelihood: a step along them raises it, gradient"
                                + " descent on the loss subtracts their negative"));
    }

    @Override
    public List<Path> furtherInputs(Values values) {
        return new OnnxOptions(values).dataFiles();
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example(
                        "a graph whose outputs are sums of squared gradients over the examples that it is fed",
                        "fisher-graph model.onnx --data train.npz -o model-fisher.onnx"),
                new Example(
                        "the ordinary gradient of a batch",
                        "fisher-graph model.onnx --data train.npz --kind joint -o model-gradient.onnx"));
    }

    @Override
    public ExitCode make(Job job) {
        Values values = job.values();
        OnnxOptions options = new OnnxOptions(values);
        OnnxFile file = OnnxFile.read(options.model());
        try (DataFiles data = options.openData();
                FisherPlan plan = FisherPlan.of(EstimationOptions.request(
                        values, file, options.examples(data, file, job.console()), job.console(), all -> all))) {
            FisherGraph graph = plan.standalone();
            graph.singleExamples().forEach((parameter, reason) -> job.console()
                    .note("'" + parameter + "' is not in the graph: " + reason
                            + "; squisher fisher computes it one example at a time"));
            Report report = Report.of(
                            "inputs are the model's and '" + options.labels() + "', outputs " + some(graph.outputs()))
                    .field("outputs", Json.texts(graph.outputs().values()));
            return job.finish(report, output -> graph.write(output.path()));
        }
    }

    private static String some(Map<String, String> outputs) {
        return outputs.values().stream().limit(2).map(name -> "'" + name + "'").collect(Collectors.joining(", "))
                + (outputs.size() > 2 ? " and so on, " + outputs.size() + " in all" : "");
    }
}
