package io.squisher.onnx.evaluator.convolution;

import io.squisher.onnx.evaluator.OperatorTable;

/** The list of convolutions and poolings. */
public final class ConvolutionOperators {
    private ConvolutionOperators() {}

    public static OperatorTable table() {
        return new OperatorTable()
                .one("AveragePool", Pool::average)
                .one("Col2Im", Col2Im::evaluate)
                .one("Conv", Conv::evaluate)
                .one("ConvTranspose", ConvTranspose::evaluate)
                .one("GlobalAveragePool", GlobalPool::average)
                .one("GlobalLpPool", GlobalPool::lp)
                .one("GlobalMaxPool", GlobalPool::max)
                .one("LpPool", Pool::lp)
                .many("MaxPool", Pool::max)
                .one("MaxUnpool", MaxUnpool::evaluate);
    }
}
