package io.squisher.apps.map;

import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.Tensor;

/**
 * What stays the same when the elements of a tensor change places: their number and a sum over a hash of each value.
 *
 * @param constant whether all values are equal, which any tensor of that size may be
 */
record Fingerprint(long size, long sum, boolean constant) {
    static Fingerprint of(Tensor tensor) {
        ChunkReader reader = ChunkReader.upTo(tensor.size());
        double[] chunk = new double[(int) Math.min(tensor.size(), ChunkReader.DEFAULT_ELEMENTS)];
        long sum = 0;
        boolean constant = true;
        double first = Double.NaN;
        long at = 0;
        for (int count = reader.read(tensor, at, chunk); count > 0; count = reader.read(tensor, at, chunk)) {
            first = at == 0 ? chunk[0] : first;
            for (int i = 0; i < count; i++) {
                // Adding 0 makes -0 and 0 equal, as they are when compared.
                sum += mix(Double.doubleToLongBits(chunk[i] + 0.0));
                constant &= chunk[i] == first;
            }
            at += count;
        }
        return new Fingerprint(tensor.size(), sum, constant);
    }

    /** The finalizer of MurmurHash3: every bit of the value changes half of the bits of the result. */
    private static long mix(long value) {
        long mixed = (value ^ value >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 33;
    }
}
