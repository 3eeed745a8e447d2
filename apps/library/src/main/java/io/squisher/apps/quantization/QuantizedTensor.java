package io.squisher.apps.quantization;

import io.squisher.apps.quantization.number.Fitted;
import io.squisher.apps.quantization.number.IntegerFormat;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/**
 * A tensor, and the format that was fitted to it.
 *
 * @param weights as they are stored
 * @param planned its format, and where it counts channels
 * @param fitted the format with its scales or tables
 */
public record QuantizedTensor(Tensor weights, PlannedTensor planned, Fitted fitted) {
    /** The rounded weights in the weights' own type, computed as they are read. */
    public Tensor rounded() {
        return new ComputedTensor(TensorSpec.of(weights), List.of(weights), (start, count, inputs, output) -> {
            System.arraycopy(inputs[0], 0, output, 0, count);
            fitted.round(start, count, output);
        });
    }

    /** Bits of the tensor in its format. */
    public long bits() {
        return planned.candidate().bits(weights.shape(), weights.type(), planned.channelAxis());
    }

    /**
     * Whole numbers with their scales, as ONNX's {@code DequantizeLinear} takes them.
     *
     * @param format how many bits, and whether there are zero points
     * @param codes one int8 or uint8 for each weight, whatever the bits, computed as they are read
     * @param scales in the weights' type if it has 16 bits, else float32: a scalar, a vector of the channels, or one for each group
     * @param zeroPoints as {@code codes}, of the shape of {@code scales}
     * @param axis of the channels or groups; −1 for one scale
     * @param groupSize weights in a group; 0 without groups
     */
    public record Codes(
            IntegerFormat format, Tensor codes, Tensor scales, Tensor zeroPoints, int axis, int groupSize) {}

    /** The tensor as whole numbers, if its format has them. */
    public Optional<Codes> codes() {
        if (!(fitted instanceof Fitted.Scaled scaled) || !(scaled.format() instanceof IntegerFormat format)) {
            return Optional.empty();
        }
        ElementType type = format.asymmetric() ? ElementType.U8 : ElementType.I8;
        TensorSpec spec = new TensorSpec(type, weights.shape());
        Tensor codes = new ComputedTensor(spec, List.of(weights), (start, count, inputs, output) -> {
            int[] slots = new int[count];
            scaled.slots().of(start, count, slots);
            for (int i = 0; i < count; i++) {
                int slot = slots[i];
                output[i] = format.code(
                        inputs[0][i],
                        scaled.scales().scales()[slot],
                        scaled.scales().zeroPoints()[slot]);
            }
        });
        Shape shape = scaled.slots().shape();
        double[] zeros = new double[scaled.slots().count()];
        for (int i = 0; i < zeros.length; i++) {
            zeros[i] = scaled.scales().zeroPoints()[i];
        }
        return Optional.of(new Codes(
                format,
                codes,
                stored(scaled.scales().type(), shape, scaled.scales().scales()),
                stored(type, shape, zeros),
                scaled.slots().axis(),
                scaled.slots().groupSize()));
    }

    /** A table for each channel, and the code of each weight. */
    public record Tables(Tensor tables, Tensor codes) {}

    /** The tensor as tables [channels, entries] and codes (uint8, one for each weight), if its format has them. */
    public Optional<Tables> tables() {
        if (!(fitted instanceof Fitted.Table table)) {
            return Optional.empty();
        }
        int entries = table.format().entries();
        double[] flat = new double[table.tables().length * entries];
        for (int i = 0; i < table.tables().length; i++) {
            System.arraycopy(table.tables()[i], 0, flat, i * entries, entries);
        }
        TensorSpec spec = new TensorSpec(ElementType.U8, weights.shape());
        Tensor codes = new ComputedTensor(
                spec, List.of(weights), (start, count, inputs, output) -> table.code(start, count, inputs[0], output));
        return Optional.of(new Tables(stored(table.type(), Shape.of(table.tables().length, entries), flat), codes));
    }

    private static Tensor stored(ElementType type, Shape shape, double... values) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, type.bytes()))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.length; i++) {
            type.putDouble(bytes, i * type.bytes(), values[i]);
        }
        return Tensor.of(type, shape, bytes);
    }
}
