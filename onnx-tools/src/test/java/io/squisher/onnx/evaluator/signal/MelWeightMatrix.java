package io.squisher.onnx.evaluator.signal;

import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.elementwise.Cast;

/**
 * Triangles over the bins of a spectrum, one a mel band: bands are evenly spaced on the mel scale, 2595 log10(1 + f / 700),
 * between two edges in Hz; each rises to its centre's bin and falls to the next one's: [bins, bands].
 */
final class MelWeightMatrix {
    private MelWeightMatrix() {}

    static Value evaluate(OperatorCall call) {
        int bands = (int) call.input(0).longAt(0);
        int length = (int) call.input(1).longAt(0);
        double rate = call.input(2).doubleAt(0);
        double low = mel(call.input(3).doubleAt(0));
        double high = mel(call.input(4).doubleAt(0));
        int bins = length / 2 + 1;
        int[] edges = new int[bands + 2];
        for (int i = 0; i < edges.length; i++) {
            double hertz = 700 * (Math.pow(10, (low + i * (high - low) / edges.length) / 2595) - 1);
            edges[i] = (int) Math.floor((length + 1) * hertz / rate);
        }
        double[] weights = new double[bins * bands];
        for (int band = 0; band < bands; band++) {
            int from = edges[band];
            int centre = edges[band + 1];
            int to = edges[band + 2];
            if (from == centre) {
                weights[centre * bands + band] = 1;
            }
            for (int bin = from; bin <= centre && from < centre; bin++) {
                weights[bin * bands + band] = (double) (bin - from) / (centre - from);
            }
            for (int bin = centre; bin < to; bin++) {
                weights[bin * bands + band] = (double) (to - bin) / (to - centre);
            }
        }
        Value matrix = Value.floats(new int[] {bins, bands}, weights);
        return Cast.to(matrix, Cast.type(call.integer("output_datatype", 1)));
    }

    private static double mel(double hertz) {
        return 2595 * Math.log10(1 + hertz / 700);
    }
}
