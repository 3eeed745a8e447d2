package io.squisher.tf.slots;

import io.squisher.tensor.Tensor;
import io.squisher.tf.graph.Given;
import io.squisher.tf.graph.GraphVariable;
import io.squisher.tf.graph.SessionTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Result;
import org.tensorflow.Session;

/**
 * The accumulators and the parameters of one moment, read in one run of the session. The tensors stay in TensorFlow's
 * memory and follow the training if it goes on: use them before the next step, then {@link #close()}.
 */
public final class Harvest implements AutoCloseable {
    private final Result result;
    private final Map<String, Tensor> accumulators = new LinkedHashMap<>();
    private final Map<String, Tensor> weights = new LinkedHashMap<>();

    private Harvest(Result result, List<TrainedVariable> variables) {
        this.result = result;
        for (int i = 0; i < variables.size(); i++) {
            TrainedVariable variable = variables.get(i);
            weights.put(variable.name(), SessionTensor.of(variable.name(), result.get(2 * i)));
            accumulators.put(
                    variable.name(),
                    SessionTensor.of(variable.accumulator().variable().name(), result.get(2 * i + 1)));
        }
    }

    /** Reads the variables and their accumulators. */
    public static Harvest of(Session session, List<TrainedVariable> variables) {
        List<GraphVariable> read = new ArrayList<>();
        for (TrainedVariable variable : variables) {
            read.add(variable.variable());
            read.add(variable.accumulator().variable());
        }
        return new Harvest(Given.fetch(session, read), variables);
    }

    /** The accumulators as the optimizer keeps them, by parameter name. */
    public Map<String, Tensor> accumulators() {
        return accumulators;
    }

    /** The parameters' values, by parameter name. */
    public Map<String, Tensor> weights() {
        return weights;
    }

    @Override
    public void close() {
        result.close();
    }
}
