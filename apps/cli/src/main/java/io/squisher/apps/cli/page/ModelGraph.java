package io.squisher.apps.cli.page;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.graph.FileGraph;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.structure.UnitStructure;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.report.network.NetworkNode;
import io.squisher.units.UnitGroup;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a page shows of an ONNX model.
 *
 * @param nodes in the file's order, inputs first and outputs last
 * @param roles what each parameter is for, by the operator that reads it
 * @param units its filters, neurons and heads
 */
public record ModelGraph(List<NetworkNode> nodes, Map<String, String> roles, List<UnitGroup> units) {
    /** Nothing is known of the model. */
    public static final ModelGraph UNKNOWN = new ModelGraph(List.of(), Map.of(), List.of());

    /** What operators call their inputs, by position, as the standard does. */
    private static final Map<String, List<String>> INPUTS = Map.ofEntries(
            Map.entry("Conv", List.of("input", "weight", "bias")),
            Map.entry("ConvTranspose", List.of("input", "weight", "bias")),
            Map.entry("Gemm", List.of("weight", "weight", "bias")),
            Map.entry("MatMul", List.of("weight", "weight")),
            Map.entry("BatchNormalization", List.of("input", "scale", "bias", "mean", "variance")),
            Map.entry("InstanceNormalization", List.of("input", "scale", "bias")),
            Map.entry("GroupNormalization", List.of("input", "scale", "bias")),
            Map.entry("LayerNormalization", List.of("input", "scale", "bias")),
            Map.entry("Gather", List.of("embedding")),
            Map.entry("PRelu", List.of("input", "slope")),
            Map.entry("LSTM", List.of("input", "weight", "recurrent weight", "bias")),
            Map.entry("GRU", List.of("input", "weight", "recurrent weight", "bias")),
            Map.entry("RNN", List.of("input", "weight", "recurrent weight", "bias")));

    /** What only hands a parameter on: its role is that at the next node. */
    private static final Set<String> HANDING_ON =
            Set.of("Transpose", "Identity", "Cast", "Reshape", "Squeeze", "Unsqueeze", "DequantizeLinear", "Slice");

    private static final int MOST_STEPS = 4;

    /** Reads a model's graph as it stands in the file. */
    public static ModelGraph of(OnnxFile file, Collection<String> parameters) {
        FileGraph graph = new FileGraph(file.model().getGraph());
        Set<String> known = Set.copyOf(parameters);
        Map<String, List<Node>> readers = new HashMap<>();
        graph.nodes().forEach(node -> node.inputs()
                .forEach(input -> readers.computeIfAbsent(input, name -> new ArrayList<>())
                        .add(node)));
        Map<String, String> roles = new LinkedHashMap<>();
        for (String parameter : known) {
            role(parameter, readers, MOST_STEPS).ifPresent(role -> roles.put(parameter, role));
        }
        return new ModelGraph(nodes(graph, known), roles, units(file));
    }

    private static List<UnitGroup> units(OnnxFile file) {
        try {
            return UnitStructure.of(file).groups();
        } catch (SquisherException e) {
            // The page ranks rows instead; 'prune --structured' says what is wrong.
            return List.of();
        }
    }

    private static Optional<String> role(String value, Map<String, List<Node>> readers, int steps) {
        List<Node> found = readers.getOrDefault(value, List.of());
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Node node = found.get(0);
        if (HANDING_ON.contains(node.op()) && steps > 0 && node.inputs().indexOf(value) == 0) {
            Optional<String> next = role(node.outputs().get(0), readers, steps - 1);
            if (next.isPresent()) {
                return next;
            }
        }
        List<String> names = INPUTS.getOrDefault(node.op(), List.of());
        int position = node.inputs().indexOf(value);
        return Optional.of(node.op() + " " + (position < names.size() ? names.get(position) : "operand"));
    }

    private static List<NetworkNode> nodes(FileGraph graph, Set<String> parameters) {
        List<NetworkNode> nodes = new ArrayList<>();
        Map<String, Integer> producers = new HashMap<>();
        for (ValueInfoProto input : graph.proto().getInputList()) {
            if (!graph.isInitializer(input.getName())) {
                producers.put(input.getName(), nodes.size());
                nodes.add(new NetworkNode(input.getName(), "Input", List.of(), List.of()));
            }
        }
        for (Node node : graph.nodes()) {
            if (node.op().equals("Constant") && node.inputs().isEmpty()) {
                continue;
            }
            Set<String> read = new LinkedHashSet<>(node.inputs());
            read.addAll(node.captured());
            List<Integer> from = read.stream()
                    .filter(producers::containsKey)
                    .map(producers::get)
                    .distinct()
                    .toList();
            List<String> layers = read.stream().filter(parameters::contains).toList();
            node.outputs().forEach(output -> producers.put(output, nodes.size()));
            nodes.add(new NetworkNode(node.name(), node.op(), layers, from));
        }
        for (ValueInfoProto output : graph.proto().getOutputList()) {
            Optional.ofNullable(producers.get(output.getName()))
                    .ifPresent(
                            from -> nodes.add(new NetworkNode(output.getName(), "Output", List.of(), List.of(from))));
        }
        return nodes;
    }
}
