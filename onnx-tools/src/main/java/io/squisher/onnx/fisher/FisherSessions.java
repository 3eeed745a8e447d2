package io.squisher.onnx.fisher;

import io.squisher.onnx.runtime.InferenceSession;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.onnx.runtime.SharedWeights;
import io.squisher.proto.onnx.ModelProto;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The sessions of one estimation. They share the model's weights, and are closed together. */
class FisherSessions implements AutoCloseable {
    private final RuntimeSettings settings;
    private final SharedWeights weights = new SharedWeights();
    private final SideBySide sideBySide = new SideBySide();
    private final List<InferenceSession> open = new ArrayList<>();

    FisherSessions(RuntimeSettings settings) {
        this.settings = settings;
    }

    /**
     * Loads a graph into ONNX Runtime.
     *
     * @param threads of one operator; 0 for one a core
     */
    InferenceSession open(ModelProto model, int threads) {
        InferenceSession session = InferenceSession.create(model, settings.withThreads(threads), weights);
        open.add(session);
        return session;
    }

    /** The graph of one of these sessions, with buffers of its own for another thread. */
    InferenceSession beside(InferenceSession other) {
        InferenceSession session = other.beside();
        open.add(session);
        return session;
    }

    /** The threads that run graphs at the same time. */
    SideBySide sideBySide() {
        return sideBySide;
    }

    /** Loads a graph for a moment: the caller closes the session, before this object is closed. */
    InferenceSession openBriefly(ModelProto model) {
        return InferenceSession.createForFewRuns(model, settings, weights);
    }

    /** The weights that all sessions share. */
    SharedWeights weights() {
        return weights;
    }

    @Override
    public void close() {
        Collections.reverse(open);
        open.forEach(InferenceSession::close);
        open.clear();
        sideBySide.close();
        weights.close();
    }
}
