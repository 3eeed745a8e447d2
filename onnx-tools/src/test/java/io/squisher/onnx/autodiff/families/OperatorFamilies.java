package io.squisher.onnx.autodiff.families;

import io.squisher.onnx.evaluator.testdata.OneNodeModel;
import java.util.List;
import java.util.function.Function;

/** All generators. */
final class OperatorFamilies {
    /**
     * A generator.
     *
     * @param cases how many seeds are tried
     */
    record Family(String name, int cases, Function<Draw, OneNodeModel> draw) {}

    private OperatorFamilies() {}

    static List<Family> all() {
        return List.of(
                new Family("unary elementwise", 60, ElementwiseFamily::unary),
                new Family("broadcasting elementwise", 40, ElementwiseFamily::broadcasting),
                new Family("reductions", 50, ReductionFamily::reduction),
                new Family("cumulative sums", 10, ReductionFamily::cumulativeSum),
                new Family("MatMul", 20, LinearFamily::matMul),
                new Family("Gemm", 20, LinearFamily::gemm),
                new Family("Einsum", 40, LinearFamily::einsum),
                new Family("Conv", 40, ConvolutionFamily::conv),
                new Family("Conv of many features", 20, ConvolutionFamily::wide),
                new Family("ConvTranspose", 40, ConvolutionFamily::transposed),
                new Family("DeformConv", 30, ConvolutionFamily::deformable),
                new Family("Col2Im", 10, ConvolutionFamily::columnsToImage),
                new Family("pooling", 50, PoolFamily::pool),
                new Family("global pooling", 10, PoolFamily::global),
                new Family("normalisation over examples' own axes", 40, NormalizationFamily::overAxes),
                new Family("normalisation of channels", 40, NormalizationFamily::ofChannels),
                new Family("shape", 60, ShapeFamily::shape),
                new Family("Slice", 30, CuttingFamily::slice),
                new Family("Pad", 30, CuttingFamily::pad),
                new Family("Split and Concat", 20, CuttingFamily::splitOrConcat),
                new Family("gathering", 40, IndexingFamily::gather),
                new Family("scattering", 40, IndexingFamily::scatter),
                new Family("choosing", 30, IndexingFamily::choose),
                new Family("Resize", 60, SamplingFamily::resize),
                new Family("grids", 30, SamplingFamily::grid),
                new Family("regions", 30, SamplingFamily::regions),
                new Family("largest of regions", 30, SamplingFamily::largestOfRegions),
                new Family("recurrent", 50, RecurrentFamily::recurrent),
                new Family("attention", 30, AttentionFamily::attention),
                new Family("DFT", 30, SignalFamily::dft),
                new Family("STFT", 20, SignalFamily::shortTime),
                new Family("losses", 20, LossFamily::loss));
    }
}
