package io.squisher.onnx.training;

import io.squisher.onnx.training.optimizer.Optimizer;
import io.squisher.onnx.training.optimizer.UpdateRule;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * One step of all parameters: penalties, clipping, decay, masks and the optimizer's rule. It goes over pieces that fit the
 * caches, on several processors. Every element is computed for itself, and sums are added up in the order of the pieces, so
 * that the number of threads changes nothing.
 */
final class ParameterUpdate {
    /** Elements of a piece: with weights, gradient and slots a quarter of a megabyte at most. */
    private static final int PIECE = 8192;

    private final Rules rules;
    private final List<HeldParameter> parameters;
    private final List<Piece> pieces = new ArrayList<>();
    private final int threads;
    private final ThreadLocal<Scratch> scratch;

    /**
     * What happens in a step.
     *
     * @param clip the largest norm of all gradients together; empty for no limit
     * @param decay weight decay, 0 or above
     * @param ownDecay of the average of the data's squared gradients, where one is kept
     */
    record Rules(Optimizer optimizer, OptionalDouble clip, double decay, double ownDecay) {}

    /**
     * What a step found.
     *
     * @param norm of the gradient of all parameters together, penalties included, before clipping
     * @param penalty the value of the penalties before the step
     */
    record Outcome(double norm, double penalty) {}

    /** From row or element {@code from} on. */
    private record Piece(int parameter, int from, int count) {}

    private static final class Scratch {
        private final float[] weights;
        private final float[] before;
        private final float[] gradient;
        private final float[] own;
        private final float[] strength;
        private final float[] centre;
        private final float[][] slots;

        Scratch(int size, int slotCount) {
            weights = new float[size];
            before = new float[size];
            gradient = new float[size];
            own = new float[size];
            strength = new float[size];
            centre = new float[size];
            slots = new float[slotCount][size];
        }
    }

    /**
     * @param threads as many work at once
     */
    ParameterUpdate(Rules rules, List<HeldParameter> parameters, int threads) {
        this.rules = rules;
        this.parameters = List.copyOf(parameters);
        this.threads = threads;
        int largest = PIECE;
        for (int i = 0; i < parameters.size(); i++) {
            TrainedParameter parameter = parameters.get(i).parameter();
            if (parameter.isTable()) {
                int width = parameter.rows().width();
                largest = Math.max(largest, width);
                addPieces(i, parameter.rows().rows(), Math.max(1, PIECE / width));
            } else {
                addPieces(i, parameter.size(), PIECE);
            }
        }
        int size = largest;
        int slotCount = rules.optimizer().slots().size();
        this.scratch = ThreadLocal.withInitial(() -> new Scratch(size, slotCount));
    }

    private void addPieces(int parameter, int length, int step) {
        for (int from = 0; from < length; from += step) {
            pieces.add(new Piece(parameter, from, Math.min(step, length - from)));
        }
    }

    /** Applies the gradients that the parameters hold. */
    Outcome apply(Optimizer.StepFacts facts) {
        markTouched();
        double norm = rules.clip().isPresent() ? Math.sqrt(sum(piece -> norm(piece))) : Double.NaN;
        float factor = rules.clip().isPresent() && norm > rules.clip().getAsDouble()
                ? (float) (rules.clip().getAsDouble() / (norm + 1e-6))
                : 1;
        UpdateRule rule = rules.optimizer().rule(facts);
        double[] squares = new double[pieces.size()];
        double[] penalties = new double[pieces.size()];
        inParallel(
                place -> update(place, new StepWork(rule, factor, (float) facts.learningRate(), squares, penalties)));
        double penalty = add(penalties);
        for (HeldParameter held : parameters) {
            penalty += held.penalty().map(PenaltyTerm::constant).orElse(0.0);
        }
        return new Outcome(rules.clip().isPresent() ? norm : Math.sqrt(add(squares)), penalty);
    }

    private record StepWork(UpdateRule rule, float factor, float learningRate, double[] squares, double[] penalties) {}

    /** Before the pieces run: they only read it. */
    private void markTouched() {
        for (HeldParameter held : parameters) {
            TrainedParameter parameter = held.parameter();
            if (parameter.isTable()) {
                for (int i = 0; i < parameter.rows().count(); i++) {
                    parameter.touched().set(parameter.rows().present(i));
                }
                boolean always = held.penalty().isPresent()
                        || held.mask() != null
                        || held.decays() && !rules.optimizer().decouplesDecay();
                if (always) {
                    parameter.touched().set(0, parameter.rows().rows());
                }
            }
        }
    }

    private interface PieceSum {
        double of(Piece piece);
    }

    private double sum(PieceSum term) {
        double[] terms = new double[pieces.size()];
        inParallel(place -> terms[place] = term.of(pieces.get(place)));
        return add(terms);
    }

    private static double add(double... terms) {
        double sum = 0;
        for (double term : terms) {
            sum += term;
        }
        return sum;
    }

    private interface PieceWork {
        void run(int place);
    }

    private void inParallel(PieceWork work) {
        if (threads == 1) {
            for (int place = 0; place < pieces.size(); place++) {
                work.run(place);
            }
        } else {
            IntStream.range(0, pieces.size()).parallel().forEach(work::run);
        }
    }

    private double norm(Piece piece) {
        HeldParameter held = parameters.get(piece.parameter());
        TrainedParameter parameter = held.parameter();
        Scratch s = scratch.get();
        double sum = 0;
        int width = parameter.isTable() ? parameter.rows().width() : piece.count();
        int runs = parameter.isTable() ? piece.count() : 1;
        for (int run = 0; run < runs; run++) {
            int row = piece.from() + run;
            if (!parameter.isTable() || parameter.touched().get(row)) {
                int at = parameter.isTable() ? row * width : piece.from();
                load(held, row, at, width, s);
                if (held.penalty().isPresent()) {
                    get(parameter.weights(), at, s.weights, width);
                    penalise(held, at, width, s);
                }
                sum += squares(s.gradient, width);
            }
        }
        return sum;
    }

    private void update(int place, StepWork work) {
        Piece piece = pieces.get(place);
        HeldParameter held = parameters.get(piece.parameter());
        TrainedParameter parameter = held.parameter();
        Scratch s = scratch.get();
        if (!parameter.isTable()) {
            update(held, piece.from(), piece.from(), piece.count(), s, work, place);
            return;
        }
        int width = parameter.rows().width();
        for (int row = piece.from(); row < piece.from() + piece.count(); row++) {
            if (parameter.touched().get(row)) {
                update(held, row, row * width, width, s, work, place);
            } else if (held.decays()) {
                get(parameter.weights(), row * width, s.weights, width);
                shrink(s.weights, width, work.learningRate());
                put(parameter.weights(), row * width, s.weights, width);
            }
        }
    }

    /** Elements {@code at} to {@code at + count}. */
    private void update(HeldParameter held, int row, int at, int count, Scratch s, StepWork work, int place) {
        TrainedParameter parameter = held.parameter();
        get(parameter.weights(), at, s.weights, count);
        load(held, row, at, count, s);
        parameter.ownSquares().ifPresent(own -> average(own, at, count, s));
        if (held.penalty().isPresent()) {
            work.penalties()[place] += penalise(held, at, count, s);
        }
        work.squares()[place] += squares(s.gradient, count);
        if (work.factor() != 1) {
            for (int i = 0; i < count; i++) {
                s.gradient[i] *= work.factor();
            }
        }
        if (held.mask() != null) {
            System.arraycopy(s.weights, 0, s.before, 0, count);
        }
        if (held.decays()) {
            decay(s, count, work.learningRate());
            clearMasked(held, at, count, s);
        }
        List<ByteBuffer> slots = List.copyOf(parameter.slots().values());
        for (int i = 0; i < slots.size(); i++) {
            get(slots.get(i), at, s.slots[i], count);
        }
        work.rule().update(s.weights, s.gradient, s.slots, count);
        if (held.mask() != null) {
            for (int i = 0; i < count; i++) {
                s.weights[i] = held.mask()[at + i] != 0 ? s.weights[i] : s.before[i];
            }
        }
        put(parameter.weights(), at, s.weights, count);
        for (int i = 0; i < slots.size(); i++) {
            put(slots.get(i), at, s.slots[i], count);
        }
    }

    /** The data's gradient, 0 where the mask says so. */
    private static void load(HeldParameter held, int row, int at, int count, Scratch s) {
        TrainedParameter parameter = held.parameter();
        if (parameter.isTable()) {
            parameter.rows().copy(row, s.gradient);
        } else {
            get(parameter.gradient(), at, s.gradient, count);
        }
        clearMasked(held, at, count, s);
    }

    private static void clearMasked(HeldParameter held, int at, int count, Scratch s) {
        if (held.mask() != null) {
            for (int i = 0; i < count; i++) {
                s.gradient[i] = held.mask()[at + i] != 0 ? s.gradient[i] : 0;
            }
        }
    }

    private void average(ByteBuffer own, int at, int count, Scratch s) {
        float kept = (float) rules.ownDecay();
        float share = (float) (1 - rules.ownDecay());
        get(own, at, s.own, count);
        for (int i = 0; i < count; i++) {
            s.own[i] = kept * s.own[i] + share * s.gradient[i] * s.gradient[i];
        }
        put(own, at, s.own, count);
    }

    /** Adds the penalty's gradient; returns its value. What is masked stays without. */
    private static double penalise(HeldParameter held, int at, int count, Scratch s) {
        PenaltyTerm term = held.penalty().orElseThrow();
        get(term.strength(), at, s.strength, count);
        get(term.centre(), at, s.centre, count);
        double value = 0;
        for (int i = 0; i < count; i++) {
            float distance = s.weights[i] - s.centre[i];
            float pull = s.strength[i] * distance;
            value += 0.5 * pull * distance;
            s.gradient[i] += held.mask() == null || held.mask()[at + i] != 0 ? pull : 0;
        }
        return value;
    }

    private void decay(Scratch s, int count, float learningRate) {
        if (rules.optimizer().decouplesDecay()) {
            shrink(s.weights, count, learningRate);
            return;
        }
        float strength = (float) rules.decay();
        for (int i = 0; i < count; i++) {
            s.gradient[i] += strength * s.weights[i];
        }
    }

    private void shrink(float[] weights, int count, float learningRate) {
        float left = (float) (1 - (double) learningRate * rules.decay());
        for (int i = 0; i < count; i++) {
            weights[i] *= left;
        }
    }

    /** The sum of squares; four sums at once, as one alone waits for each addition. */
    private static double squares(float[] values, int count) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i + 3 < count; i += 4) {
            a += (double) values[i] * values[i];
            b += (double) values[i + 1] * values[i + 1];
            c += (double) values[i + 2] * values[i + 2];
            d += (double) values[i + 3] * values[i + 3];
        }
        for (; i < count; i++) {
            a += (double) values[i] * values[i];
        }
        return a + b + (c + d);
    }

    private static void get(ByteBuffer buffer, int at, float[] target, int count) {
        buffer.asFloatBuffer().get(at, target, 0, count);
    }

    private static void put(ByteBuffer buffer, int at, float[] source, int count) {
        buffer.asFloatBuffer().put(at, source, 0, count);
    }
}
