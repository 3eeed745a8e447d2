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

    /**
     * Elements that are updated together.
     *
     * @param row of a table, whose elements they are
     * @param at the first
     */
    private record Span(HeldParameter held, int row, int at, int count) {
        /** A row of a table. */
        static Span ofRow(HeldParameter held, int row) {
            int width = held.parameter().rows().width();
            return new Span(held, row, row * width, width);
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
        if (!parameter.isTable()) {
            return norm(new Span(held, 0, piece.from(), piece.count()));
        }
        double sum = 0;
        for (int row = piece.from(); row < piece.from() + piece.count(); row++) {
            sum += parameter.touched().get(row) ? norm(Span.ofRow(held, row)) : 0;
        }
        return sum;
    }

    private double norm(Span span) {
        Scratch s = scratch.get();
        load(span, s);
        if (span.held().penalty().isPresent()) {
            get(span.held().parameter().weights(), span.at(), s.weights, span.count());
            penalise(span, s);
        }
        return squares(s.gradient, span.count());
    }

    private void update(int place, StepWork work) {
        Piece piece = pieces.get(place);
        HeldParameter held = parameters.get(piece.parameter());
        TrainedParameter parameter = held.parameter();
        if (!parameter.isTable()) {
            update(new Span(held, 0, piece.from(), piece.count()), work, place);
            return;
        }
        for (int row = piece.from(); row < piece.from() + piece.count(); row++) {
            Span span = Span.ofRow(held, row);
            if (parameter.touched().get(row)) {
                update(span, work, place);
            } else if (held.decays()) {
                Scratch s = scratch.get();
                get(parameter.weights(), span.at(), s.weights, span.count());
                shrink(s.weights, span.count(), work.learningRate());
                put(parameter.weights(), span.at(), s.weights, span.count());
            }
        }
    }

    private void update(Span span, StepWork work, int place) {
        HeldParameter held = span.held();
        TrainedParameter parameter = held.parameter();
        int count = span.count();
        Scratch s = scratch.get();
        get(parameter.weights(), span.at(), s.weights, count);
        load(span, s);
        parameter.ownSquares().ifPresent(own -> average(own, span, s));
        if (held.penalty().isPresent()) {
            work.penalties()[place] += penalise(span, s);
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
            clearMasked(span, s);
        }
        apply(work.rule(), span, s);
    }

    /** The optimizer's rule; what is masked gets its old bits back. */
    private static void apply(UpdateRule rule, Span span, Scratch s) {
        TrainedParameter parameter = span.held().parameter();
        int slot = 0;
        for (ByteBuffer buffer : parameter.slots().values()) {
            get(buffer, span.at(), s.slots[slot++], span.count());
        }
        rule.update(s.weights, s.gradient, s.slots, span.count());
        byte[] mask = span.held().mask();
        if (mask != null) {
            for (int i = 0; i < span.count(); i++) {
                s.weights[i] = mask[span.at() + i] != 0 ? s.weights[i] : s.before[i];
            }
        }
        put(parameter.weights(), span.at(), s.weights, span.count());
        slot = 0;
        for (ByteBuffer buffer : parameter.slots().values()) {
            put(buffer, span.at(), s.slots[slot++], span.count());
        }
    }

    /** The data's gradient, 0 where the mask says so. */
    private static void load(Span span, Scratch s) {
        TrainedParameter parameter = span.held().parameter();
        if (parameter.isTable()) {
            parameter.rows().copy(span.row(), s.gradient);
        } else {
            get(parameter.gradient(), span.at(), s.gradient, span.count());
        }
        clearMasked(span, s);
    }

    private static void clearMasked(Span span, Scratch s) {
        byte[] mask = span.held().mask();
        if (mask != null) {
            for (int i = 0; i < span.count(); i++) {
                s.gradient[i] = mask[span.at() + i] != 0 ? s.gradient[i] : 0;
            }
        }
    }

    private void average(ByteBuffer own, Span span, Scratch s) {
        float kept = (float) rules.ownDecay();
        float share = (float) (1 - rules.ownDecay());
        get(own, span.at(), s.own, span.count());
        for (int i = 0; i < span.count(); i++) {
            s.own[i] = kept * s.own[i] + share * s.gradient[i] * s.gradient[i];
        }
        put(own, span.at(), s.own, span.count());
    }

    /** Adds the penalty's gradient, but to what is masked; returns its value. */
    private static double penalise(Span span, Scratch s) {
        PenaltyTerm term = span.held().penalty().orElseThrow();
        byte[] mask = span.held().mask();
        get(term.strength(), span.at(), s.strength, span.count());
        get(term.centre(), span.at(), s.centre, span.count());
        double value = 0;
        for (int i = 0; i < span.count(); i++) {
            float distance = s.weights[i] - s.centre[i];
            float pull = s.strength[i] * distance;
            value += 0.5 * pull * distance;
            s.gradient[i] += mask == null || mask[span.at() + i] != 0 ? pull : 0;
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
