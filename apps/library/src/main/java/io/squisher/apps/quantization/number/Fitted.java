package io.squisher.apps.quantization.number;

import io.squisher.tensor.ElementType;

/** A format with what it keeps of one tensor: scales, or tables. Safe for several threads. */
public sealed interface Fitted {
    /**
     * Rounds weights of the tensor in place, in double: what is written is rounded once more, to the weights' type.
     *
     * @param start index of the first weight in the tensor
     * @param count how many; the array may be longer
     */
    void round(long start, int count, double[] values);

    /** Nothing is rounded. */
    record Stored() implements Fitted {
        @Override
        public void round(long start, int count, double[] values) {
            // The weights are what they were.
        }
    }

    /** A floating-point format without scales. */
    record Half(HalfFloat format) implements Fitted {
        @Override
        public void round(long start, int count, double[] values) {
            for (int i = 0; i < count; i++) {
                values[i] = format.round(values[i]);
            }
        }
    }

    /** A format with scales. */
    record Scaled(ScaledFormat format, Slots slots, Scales scales) implements Fitted {
        @Override
        public void round(long start, int count, double[] values) {
            int[] at = new int[count];
            slots.of(start, count, at);
            format.round(values, count, at, scales);
        }
    }

    /**
     * A format with tables.
     *
     * @param type in which the tables are stored
     * @param tables for each channel its values, in ascending order
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Table(LearnedTable format, Slots slots, ElementType type, double[]... tables) implements Fitted {
        @Override
        public void round(long start, int count, double[] values) {
            int[] at = new int[count];
            slots.of(start, count, at);
            for (int i = 0; i < count; i++) {
                double[] table = tables[at[i]];
                values[i] = table[NearestValue.in(table, values[i])];
            }
        }

        /** The codes of weights, instead of what they are rounded to. */
        public void code(long start, int count, double[] weights, double[] codes) {
            int[] at = new int[count];
            slots.of(start, count, at);
            for (int i = 0; i < count; i++) {
                codes[i] = NearestValue.in(tables[at[i]], weights[i]);
            }
        }
    }
}
