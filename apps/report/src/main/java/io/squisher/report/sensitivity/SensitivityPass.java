package io.squisher.report.sensitivity;

import io.squisher.SquisherException;
import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a diagonal once, with what stands beside it, and keeps what a page shows. */
public final class SensitivityPass {
    /** Bytes of all heat maps: with many layers each is coarser, so that a page stays small. */
    private static final int CELLS = 1_500_000;

    private static final int FINEST = 64;
    private static final int COARSEST = 8;

    /** Rows are ranked where the network is not known; an axis as long as a vocabulary is ranked, too. */
    private static final int MOST_ROWS = 1 << 20;

    private final PassInputs inputs;
    private final UnitSums units;
    private final List<UnitRanking> rows = new ArrayList<>();
    private final Optional<JointHistogram> pairs;
    private final int side;
    private final ChunkReader reader = new ChunkReader(ChunkReader.DEFAULT_ELEMENTS);
    private final double[] entries = new double[ChunkReader.DEFAULT_ELEMENTS];
    private final double[] beside = new double[ChunkReader.DEFAULT_ELEMENTS];

    private SensitivityPass(PassInputs inputs) {
        this.inputs = inputs;
        this.units = new UnitSums(inputs.units());
        this.pairs = inputs.other().isEmpty() ? Optional.empty() : Optional.of(new JointHistogram());
        long matrices = inputs.entries().values().stream()
                .filter(tensor -> tensor.shape().rank() > 1)
                .count();
        int fitting = (int) Math.sqrt((double) CELLS / Math.max(1, matrices));
        this.side = Math.max(COARSEST, Math.min(FINEST, fitting));
    }

    /**
     * Reads all tensors.
     *
     * @throws SquisherException if shapes of one name differ, or an entry is none of a diagonal
     */
    public static NetworkSensitivity over(PassInputs inputs) {
        SensitivityPass pass = new SensitivityPass(inputs);
        List<LayerSensitivity> layers = new ArrayList<>();
        inputs.entries().forEach((name, tensor) -> layers.add(pass.layer(name, tensor)));
        List<UnitRanking> rankings = new ArrayList<>(pass.units.rankings());
        rankings.addAll(pass.rows);
        return new NetworkSensitivity(layers, rankings, pass.pairs);
    }

    private LayerSensitivity layer(String name, Tensor tensor) {
        Shape shape = tensor.shape();
        Layer layer = new Layer(name, shape);
        units.open(name, shape);
        int count;
        for (long start = 0; (count = reader.read(tensor, start, entries)) > 0; start += count) {
            layer.add(start, count);
        }
        return layer.result();
    }

    /** What is gathered of one parameter. */
    private final class Layer {
        private final String name;
        private final Shape shape;
        private final Optional<Tensor> weights;
        private final Optional<Tensor> mask;
        private final Optional<Tensor> other;
        private final Optional<CellMeans> map;
        private final LogHistogram histogram = new LogHistogram();
        private final LogHistogram lossRise = new LogHistogram();
        private final LogHistogram quotients = new LogHistogram();
        private final double[] rowSums;
        private long onlyHere;
        private long onlyThere;
        private long neither;
        private long kept;
        private double keptSum;

        Layer(String name, Shape shape) {
            this.name = name;
            this.shape = shape;
            this.weights = beside("weights", inputs.weights());
            this.mask = beside("mask", inputs.masks());
            this.other = beside("other diagonal", inputs.other());
            boolean matrix = shape.rank() > 1 && shape.size() > 0 && rowLength() <= Integer.MAX_VALUE - 8;
            this.map = matrix ? Optional.of(new CellMeans(shape.dim(0), rowLength(), side)) : Optional.empty();
            this.rowSums = new double[matrix && shape.dim(0) <= MOST_ROWS ? (int) shape.dim(0) : 0];
        }

        private long rowLength() {
            return shape.size() / Math.max(1, shape.dim(0));
        }

        private Optional<Tensor> beside(String what, Map<String, Tensor> tensors) {
            Optional<Tensor> tensor = Optional.ofNullable(tensors.get(name));
            tensor.filter(found -> !found.shape().equals(shape)).ifPresent(found -> {
                throw new SquisherException("'" + name + "' is " + shape + " in the diagonal and " + found.shape()
                        + " in the " + what + "; give the files of one model");
            });
            return tensor;
        }

        void add(long start, int count) {
            for (int i = 0; i < count; i++) {
                histogram.add(entries[i]);
            }
            map.ifPresent(cells -> cells.add(entries, count));
            addRows(start, count);
            units.add(start, entries, count);
            weights.ifPresent(tensor -> addWeights(tensor, start, count));
            mask.ifPresent(tensor -> addMask(tensor, start, count));
            other.ifPresent(tensor -> addOther(tensor, start, count));
        }

        private void addRows(long start, int count) {
            if (rowSums.length > 0) {
                long length = rowLength();
                int row = (int) (start / length);
                long left = length - start % length;
                for (int i = 0; i < count; i++) {
                    rowSums[row] += entries[i];
                    if (--left == 0) {
                        left = length;
                        row++;
                    }
                }
            }
        }

        private void addWeights(Tensor tensor, long start, int count) {
            read(tensor, start, count);
            for (int i = 0; i < count; i++) {
                double rise = entries[i] * beside[i] * beside[i] / 2;
                if (Double.isFinite(rise)) {
                    lossRise.add(rise);
                }
            }
        }

        private void addMask(Tensor tensor, long start, int count) {
            read(tensor, start, count);
            for (int i = 0; i < count; i++) {
                if (beside[i] != 0) {
                    kept++;
                    keptSum += entries[i];
                }
            }
        }

        private void addOther(Tensor tensor, long start, int count) {
            read(tensor, start, count);
            for (int i = 0; i < count; i++) {
                pairs.orElseThrow().add(entries[i], beside[i]);
                if (entries[i] > 0 && beside[i] > 0) {
                    quotients.add(Math.min(Double.MAX_VALUE, entries[i] / beside[i]));
                } else if (entries[i] > 0) {
                    onlyHere++;
                } else if (beside[i] > 0) {
                    onlyThere++;
                } else {
                    neither++;
                }
            }
        }

        private void read(Tensor tensor, long start, int count) {
            for (int read = 0; read < count; ) {
                read += reader.read(tensor, start + read, beside, read, count - read);
            }
        }

        LayerSensitivity result() {
            if (rowSums.length > 1 && !units.isKnown()) {
                rows.add(UnitRanking.of(name, "row", rowSums));
            }
            return new LayerSensitivity(
                    name,
                    shape,
                    histogram,
                    weights.map(tensor -> lossRise),
                    map.map(CellMeans::map),
                    mask.map(tensor -> new LayerSensitivity.Kept(kept, keptSum)),
                    other.map(tensor -> new LayerSensitivity.Ratio(quotients, onlyHere, onlyThere, neither)));
        }
    }
}
