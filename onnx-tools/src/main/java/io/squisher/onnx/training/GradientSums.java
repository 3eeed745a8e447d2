package io.squisher.onnx.training;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Adds up the gradients of several runs, where a step has more than one: each run overwrites those of the last. */
final class GradientSums {
    private static final int PIECE = 8192;

    private final List<ByteBuffer> gradients = new ArrayList<>();
    private final List<ByteBuffer> sums = new ArrayList<>();

    GradientSums(ModelState state) {
        for (TrainedParameter parameter : state.parameters().values()) {
            if (!parameter.isTable()) {
                gradients.add(parameter.gradient());
                sums.add(ByteBuffer.allocateDirect(parameter.gradient().capacity())
                        .order(ByteOrder.LITTLE_ENDIAN));
            }
        }
    }

    /**
     * Takes over the gradients of a run.
     *
     * @param first whether it is the step's first
     * @param last whether it is the last: then the gradients are those of all runs together
     */
    void add(boolean first, boolean last) {
        float[] run = new float[PIECE];
        float[] sum = new float[PIECE];
        for (int i = 0; i < gradients.size(); i++) {
            int size = gradients.get(i).capacity() / 4;
            ByteBuffer target = (last ? gradients : sums).get(i);
            for (int from = 0; from < size; from += PIECE) {
                int count = Math.min(PIECE, size - from);
                gradients.get(i).asFloatBuffer().get(from, run, 0, count);
                if (!first) {
                    sums.get(i).asFloatBuffer().get(from, sum, 0, count);
                    for (int k = 0; k < count; k++) {
                        run[k] += sum[k];
                    }
                }
                target.asFloatBuffer().put(from, run, 0, count);
            }
        }
    }
}
