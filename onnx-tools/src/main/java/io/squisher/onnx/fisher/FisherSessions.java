package io.squisher.onnx.fisher;

import io.squisher.onnx.runtime.InferenceSession;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.onnx.runtime.SharedWeights;
import io.squisher.proto.onnx.ModelProto;
import java.util.ArrayList;
import java.util.List;

/** The sessions of one estimation. They share the model's weights, and are closed together. */
class FisherSessions implements AutoCloseable {
    private final RuntimeSettings settings;
    private final SharedWeights weights = new SharedWeights();
    private final List<InferenceSession> open = new ArrayList<>();

    FisherSessions(RuntimeSettings settings) {
        this.settings = settings;
    }

    /** Loads a graph into ONNX Runtime. */
    InferenceSession open(ModelProto model) {
        InferenceSession session = InferenceSession.create(model, settings, weights);
        open.add(session);
        return session;
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
        open.forEach(InferenceSession::close);
        open.clear();
        weights.close();
    }
}
