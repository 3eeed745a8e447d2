package io.squisher.onnx.reading.opset;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.OperatorSetIdProto;
import java.util.Optional;
import java.util.Set;

/**
 * A file at a newer opset with not a node changed, where all of its nodes mean the same there. From opset 13 to 21 few operators
 * changed; a file with one of those is refused.
 */
public final class NewerOpset {
    /** Before, too much was different. */
    private static final int OLDEST = 13;

    /** Axes became an input in opset 18. */
    private static final Set<String> AXES_BECAME_AN_INPUT = Set.of(
            "ReduceL1",
            "ReduceL2",
            "ReduceLogSum",
            "ReduceLogSumExp",
            "ReduceMax",
            "ReduceMean",
            "ReduceMin",
            "ReduceProd",
            "ReduceSumSquare");

    private NewerOpset() {}

    /**
     * The file at opset {@code wanted} at least.
     *
     * @param wanted 13 to 21
     * @throws SquisherException if a node would mean something else
     */
    public static OnnxFile of(OnnxFile file, int wanted) {
        int opset = opset(file.model());
        if (opset >= wanted) {
            return file;
        }
        String way = "; export the model at opset " + wanted + " or later";
        String start = "'" + file.path() + "' has opset " + opset + " and would need " + wanted;
        if (opset < OLDEST) {
            throw new SquisherException(start + way);
        }
        if (file.model().getFunctionsCount() > 0) {
            throw new SquisherException(start + ", which its functions may not take" + way);
        }
        changed(file.model().getGraph(), opset, wanted).ifPresent(node -> {
            throw new SquisherException(
                    start + ", where " + node.getOpType() + " ('" + node.getName() + "') is another operator" + way);
        });
        return new OnnxFile(file.path(), raised(file.model(), wanted));
    }

    private static boolean isDefault(String domain) {
        return domain.isEmpty() || domain.equals("ai.onnx");
    }

    private static int opset(ModelProto model) {
        return model.getOpsetImportList().stream()
                .filter(opset -> isDefault(opset.getDomain()))
                .mapToInt(opset -> (int) opset.getVersion())
                .findFirst()
                .orElse(1);
    }

    private static ModelProto raised(ModelProto model, int wanted) {
        ModelProto.Builder raised = model.toBuilder();
        for (OperatorSetIdProto.Builder opset : raised.getOpsetImportBuilderList()) {
            if (isDefault(opset.getDomain())) {
                opset.setVersion(wanted);
            }
        }
        return raised.build();
    }

    private static Optional<NodeProto> changed(GraphProto graph, int from, int to) {
        for (NodeProto node : graph.getNodeList()) {
            if (isDefault(node.getDomain()) && isChanged(node, from, to)) {
                return Optional.of(node);
            }
            for (AttributeProto attribute : node.getAttributeList()) {
                Optional<NodeProto> inside = attribute.hasG() ? changed(attribute.getG(), from, to) : Optional.empty();
                if (inside.isPresent()) {
                    return inside;
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isChanged(NodeProto node, int from, int to) {
        String op = node.getOpType();
        if (AXES_BECAME_AN_INPUT.contains(op)) {
            return from < 18 && to >= 18 && has(node, "axes");
        }
        return switch (op) {
            case "BatchNormalization" -> from < 14 && node.getOutputCount() > 1;
            case "RoiAlign" -> from < 16 && to >= 16;
            // Into equal parts: their number had to be told from opset 18 on.
            case "Split" -> from < 18 && to >= 18 && node.getInputCount() < 2;
            case "DFT", "GridSample" -> from < 20 && to >= 20;
            case "GroupNormalization" -> to >= 21;
            default -> false;
        };
    }

    private static boolean has(NodeProto node, String attribute) {
        return node.getAttributeList().stream()
                .anyMatch(given -> given.getName().equals(attribute));
    }
}
