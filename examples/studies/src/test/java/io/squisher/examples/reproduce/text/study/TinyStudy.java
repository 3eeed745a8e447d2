package io.squisher.examples.reproduce.text.study;

import io.squisher.examples.reproduce.setting.Notes;
import io.squisher.examples.reproduce.text.model.ModelFolder;
import io.squisher.examples.reproduce.text.model.TextModels;
import io.squisher.examples.reproduce.text.model.TextSizes;
import io.squisher.examples.reproduce.text.task.Encoder;
import io.squisher.examples.reproduce.text.task.LabelledText;
import io.squisher.examples.reproduce.text.task.TaskSample;
import io.squisher.examples.reproduce.text.task.TextTask;
import io.squisher.examples.reproduce.text.unit.TextPoint;
import io.squisher.examples.reproduce.text.unit.Unit;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Three tasks of thirty words and an encoder of five thousand parameters: a setting is run in a second. */
public final class TinyStudy {
    /** An encoder of two layers, with the words of its tokenizer. */
    private static final Path FIXTURE = Path.of("../../onnx-tools/src/test/resources/fixtures/tiny_bert");

    private static final String HIDDEN = "/layers.1/norm2/Add_1_output_0";
    private static final List<String> BEHIND =
            List.of("/Gather_1_output_0", "/pool/Gemm_output_0", "/Tanh_output_0", "output");
    private static final List<String> ANIMALS = List.of("cat", "dog", "cow", "bird");
    private static final List<String> VERBS = List.of("sees", "likes", "hears", "finds");
    private static final TextSizes SIZES = new TextSizes(100, new TaskSample.Size(24, 8, 12, 10), 12, 12, false);

    private TinyStudy() {}

    /** With every place of every axis. */
    public static TextStudy in(Path folder) throws IOException {
        return in(folder, SIZES);
    }

    /** With one place of each axis. */
    static TextStudy thin(Path folder) throws IOException {
        return in(folder, new TextSizes(100, SIZES.drawn(), SIZES.fisher(), SIZES.transfer(), true));
    }

    private static TextStudy in(Path folder, TextSizes sizes) throws IOException {
        Path model = folder.resolve("tiny.onnx");
        Files.write(
                model,
                withoutHead(OnnxFile.read(FIXTURE.resolve("model.onnx")).model())
                        .toByteArray());
        Encoder encoder = new Encoder("tiny", model, FIXTURE.resolve("tokenizer.json"));
        List<TextTask> tasks = List.of(task("trec", ANIMALS, 1), task("subj", VERBS, 2), task("snips", ANIMALS, 3));
        return new TextStudy(tasks, new TextModels(encoder, sizes, new ModelFolder(folder.resolve("models")), 1));
    }

    /** Texts of the class that one of the words says. */
    private static TextTask task(String name, List<String> words, long seed) {
        Random random = new Random(seed);
        List<LabelledText> texts =
                Stream.generate(() -> text(words, random)).limit(60).toList();
        return new TextTask(
                name, List.of("0", "1"), texts.subList(0, 30), texts.subList(30, 40), texts.subList(40, 60));
    }

    private static LabelledText text(List<String> words, Random random) {
        int animal = random.nextInt(ANIMALS.size());
        int verb = random.nextInt(VERBS.size());
        int telling = words.equals(ANIMALS) ? animal : verb;
        return new LabelledText("the " + ANIMALS.get(animal) + " " + VERBS.get(verb) + " a red bird", telling / 2);
    }

    private static ModelProto withoutHead(ModelProto model) {
        List<NodeProto> nodes = model.getGraph().getNodeList().stream()
                .filter(node -> BEHIND.stream().noneMatch(node.getOutputList()::contains))
                .toList();
        Set<String> read =
                nodes.stream().flatMap(node -> node.getInputList().stream()).collect(Collectors.toSet());
        GraphProto.Builder graph =
                model.getGraph().toBuilder().clearNode().clearInitializer().clearOutput();
        graph.addAllNode(nodes);
        model.getGraph().getInitializerList().stream()
                .filter(tensor -> read.contains(tensor.getName()))
                .forEach(graph::addInitializer);
        graph.addOutput(ValueInfoProto.newBuilder().setName(HIDDEN));
        return model.toBuilder().setGraph(graph).build();
    }

    /** Runs units in their order. */
    static List<TextPoint> run(List<Unit> units, Path folder) throws IOException {
        List<TextPoint> points = new ArrayList<>();
        for (Unit unit : units) {
            Path scratch = Files.createDirectories(folder.resolve("scratch").resolve(unit.stem()));
            points.addAll(
                    unit.measurement().measure(new Unit.Place(scratch, new Notes(scratch.resolve("notes.json")))));
        }
        return points;
    }

    /** The number of a method at a place, averaged over items. */
    static double mean(List<TextPoint> points, TextPart part, String method, double x) {
        return points.stream()
                .filter(point ->
                        point.part().equals(part.name()) && point.method().equals(method) && point.x() == x)
                .mapToDouble(TextPoint::value)
                .average()
                .orElseThrow(() -> new AssertionError(part.name() + " has no " + method + " at " + x));
    }
}
