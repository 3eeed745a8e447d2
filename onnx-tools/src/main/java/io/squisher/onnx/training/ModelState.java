package io.squisher.onnx.training;

import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Everything that a training changes: parameters with their slots, and running statistics.
 *
 * @param parameters by name, in the file's order
 * @param statistics running means and variances, by name
 */
record ModelState(Map<String, TrainedParameter> parameters, Map<String, Statistic> statistics) {
    /**
     * A running mean or variance.
     *
     * @param value what the next step reads
     * @param next where the step writes
     */
    record Statistic(Tensor start, ByteBuffer value, ByteBuffer next) {
        static Statistic of(Tensor start) {
            int bytes = Math.toIntExact(start.byteSize());
            ByteBuffer value = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
            start.readBytes(0, value);
            return new Statistic(
                    start, value.rewind(), ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN));
        }

        Tensor tensor() {
            return Tensor.of(ElementType.F32, start.shape(), value.duplicate().rewind());
        }
    }

    /** Takes over what the last step found. */
    void advanceStatistics() {
        statistics.values().forEach(statistic -> statistic
                .value()
                .put(0, statistic.next(), 0, statistic.next().capacity()));
    }

    /** The names of all of it. */
    Set<String> names() {
        Set<String> names = new LinkedHashSet<>(parameters.keySet());
        names.addAll(statistics.keySet());
        return names;
    }

    /** The present values of all of it, by name; views that follow the training. */
    Map<String, Tensor> values() {
        Map<String, Tensor> values = new LinkedHashMap<>();
        parameters.forEach((name, parameter) -> values.put(name, parameter.tensor(parameter.weights())));
        statistics.forEach((name, statistic) -> values.put(name, statistic.tensor()));
        return values;
    }

    /** The squared gradients of each parameter: its own average, or the optimizer's slot of that name. */
    Map<String, Tensor> squares(Function<TrainedParameter, ByteBuffer> of) {
        Map<String, Tensor> squares = new LinkedHashMap<>();
        parameters.forEach((name, parameter) -> squares.put(name, parameter.tensor(of.apply(parameter))));
        return squares;
    }
}
