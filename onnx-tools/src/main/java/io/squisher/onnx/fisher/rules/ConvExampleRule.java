package io.squisher.onnx.fisher.rules;

import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.autodiff.rules.convolution.PatchProduct;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.TensorShape;
import java.util.Optional;
import java.util.function.Function;

/** Conv or ConvTranspose with weights: the product of the output's gradient with the input's patches, example by example. */
final class ConvExampleRule implements ExampleGradientRule {
    private final Function<RuleContext, PatchProduct> product;

    /**
     * @param product the product that a node's weight gradients are
     */
    ConvExampleRule(Function<RuleContext, PatchProduct> product) {
        this.product = product;
    }

    @Override
    public Optional<ExampleGradient> apply(RuleContext c, int position) {
        boolean weights = position == 1
                && c.x(0).shape().exampleAxis() == 0
                && c.x(0).shape().size(0) == 1;
        return weights ? Optional.of(new ConvolutionGradient(product.apply(c))) : Optional.empty();
    }

    private record ConvolutionGradient(PatchProduct product) implements ExampleGradient {
        @Override
        public Value perExample(Ops ops) {
            Value flat = product.perExample(ops);
            TensorShape w = product.w().shape();
            Value split = ops.reshape(
                    flat, TensorShape.perExample(w.size(0), product.windows().kernelSize(), w.size(1)));
            return ops.reshape(ops.transpose(split, 0, 1, 3, 2), TensorShape.perExample(w));
        }

        /** Squared and summed before the layout is changed to that of the weights. */
        @Override
        public Value sumOfSquares(Ops ops, int batch) {
            return product.toWeights(ops, shared(ops).sumOfSquares(ops, batch));
        }

        /** The weights go to the layout of the product, and not the gradients to that of the weights. */
        @Override
        public Value weightedNorms(Ops ops, Optional<Value> weights, int batch) {
            return shared(ops).weightedNorms(ops, weights.map(w -> product.fromWeights(ops, w)), batch);
        }

        private SharedProduct shared(Ops ops) {
            return new SharedProduct(product.outputGradient(ops), product.patches(ops), true);
        }

        @Override
        public String path() {
            return product.windows().positions() == 1 ? "product of squares" : "per-example product of patches";
        }
    }
}
