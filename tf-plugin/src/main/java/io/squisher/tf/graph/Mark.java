package io.squisher.tf.graph;

import java.util.Arrays;
import java.util.Locale;
import org.tensorflow.GraphOperation;
import org.tensorflow.GraphOperationBuilder;

/**
 * What operations that we add are for, as an attribute, which survives renaming and import. Only for what no structure of
 * the graph can tell.
 */
public enum Mark {
    /** A resource variable that holds the strength of a penalty on parameters. */
    PENALTY_STRENGTH("VarHandleOp"),
    /** A resource variable that holds where a penalty pulls to. */
    PENALTY_ANCHOR("VarHandleOp"),
    /** A variable that holds an average of squared gradients. */
    OWN_ACCUMULATOR("VariableV2"),
    /** A difference: a gradient, without the penalty's that is subtracted. */
    DATA_GRADIENT("Sub");

    private static final String ATTRIBUTE = "_squisher";

    private final String type;

    Mark(String type) {
        this.type = type;
    }

    /** Marks an operation that is being built. */
    public GraphOperationBuilder on(GraphOperationBuilder builder) {
        return builder.setAttr(ATTRIBUTE, text());
    }

    /** Whether an operation has any mark. */
    public static boolean isAnyOn(GraphOperation operation) {
        return Arrays.stream(values()).anyMatch(mark -> mark.isOn(operation));
    }

    /** Whether an operation has this mark. */
    public boolean isOn(GraphOperation operation) {
        if (!operation.type().equals(type)) {
            return false;
        }
        try {
            return operation.attributes().getAttrString(ATTRIBUTE).equals(text());
        } catch (RuntimeException e) {
            // TensorFlow has no other way to say that the attribute is not there.
            return false;
        }
    }

    private String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
