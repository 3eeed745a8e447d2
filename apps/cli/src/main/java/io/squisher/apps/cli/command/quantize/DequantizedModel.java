package io.squisher.apps.cli.command.quantize;

import io.squisher.Counted;
import io.squisher.SquisherException;
import io.squisher.apps.plan.FisherCheck;
import io.squisher.apps.quantization.QuantizedModel;
import io.squisher.apps.quantization.QuantizedTensor;
import io.squisher.format.onnx.DequantizedWeight;
import io.squisher.format.onnx.DequantizedWeights;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.reading.opset.NewerOpset;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A quantized model as ONNX runs it: tensors of whole numbers behind {@code DequantizeLinear}. The formats that have no whole
 * numbers are rounded in the weights' own type.
 */
final class DequantizedModel {
    private final OnnxFile file;
    private final List<DequantizedWeight> weights;
    private final Map<String, Tensor> others;
    private final QuantizedModel quantized;

    private DequantizedModel(
            OnnxFile file, List<DequantizedWeight> weights, Map<String, Tensor> others, QuantizedModel quantized) {
        this.file = file;
        this.weights = weights;
        this.others = others;
        this.quantized = quantized;
    }

    static DequantizedModel of(WeightSource model, QuantizedModel quantized) {
        if (!model.format().hasGraph()) {
            throw new SquisherException("cannot write '" + model.path() + "' with --as qdq: it is a "
                    + model.format().name()
                    + ", and DequantizeLinear is a node of an ONNX graph; give the ONNX model, or write --as values");
        }
        List<DequantizedWeight> weights = new ArrayList<>();
        Map<String, Tensor> others = new LinkedHashMap<>();
        quantized.tensors().forEach((name, tensor) -> tensor.codes()
                .filter(codes -> tensor.weights().type() != ElementType.F64)
                .ifPresentOrElse(codes -> weights.add(weight(name, codes)), () -> others.put(name, tensor.rounded())));
        if (weights.isEmpty()) {
            throw new SquisherException("cannot write '" + model.path()
                    + "' with --as qdq: no tensor has an int8 or int4 format; choose from those, or write --as values");
        }
        int opset = weights.stream().mapToInt(DequantizedWeight::opset).max().orElseThrow();
        OnnxFile file = NewerOpset.of(OnnxFile.read(model.path()), opset);
        return new DequantizedModel(file, weights, others, quantized);
    }

    private static DequantizedWeight weight(String name, QuantizedTensor.Codes codes) {
        return new DequantizedWeight(
                name,
                codes.format().bits(),
                codes.codes(),
                codes.scales(),
                codes.zeroPoints(),
                codes.axis(),
                codes.groupSize());
    }

    /** The quantized model's, and which tensors are not stored in few bits. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>(quantized.warnings());
        List<String> wide = others.keySet().stream()
                .filter(name -> !quantized
                        .tensors()
                        .get(name)
                        .planned()
                        .candidate()
                        .name()
                        .equals("stored"))
                .toList();
        if (!wide.isEmpty()) {
            warnings.add("DequantizeLinear has no such format for " + Counted.of(wide.size(), "tensor")
                    + ", whose rounded weights take as much room as before: " + FisherCheck.list(wide));
        }
        return warnings;
    }

    void write(Path target) {
        new DequantizedWeights(file, weights).write(target, others, quantized.metadata());
    }
}
