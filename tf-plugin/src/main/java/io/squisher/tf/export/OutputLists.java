package io.squisher.tf.export;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.BytePointer;
import org.tensorflow.TensorFlow;
import org.tensorflow.internal.c_api.TF_Buffer;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.OpList;

/** The outputs of TensorFlow's operations by name; a name may stand for a list of outputs. */
final class OutputLists {
    private static final Map<String, OpDef> OPERATIONS = read();

    private OutputLists() {}

    /** The types of all operations that TensorFlow knows. */
    static Set<String> operationTypes() {
        return OPERATIONS.keySet();
    }

    /** The position among all outputs of {@code node} of the first that is called {@code name}. */
    static int first(NodeDef node, String name) {
        OpDef operation = OPERATIONS.get(node.getOp());
        if (operation == null) {
            throw new IllegalArgumentException("TensorFlow has no operation " + node.getOp());
        }
        int position = 0;
        for (OpDef.ArgDef output : operation.getOutputArgList()) {
            if (output.getName().equals(name)) {
                return position;
            }
            position += length(node, output);
        }
        throw new IllegalArgumentException(node.getOp() + " has no output " + name);
    }

    private static int length(NodeDef node, OpDef.ArgDef output) {
        if (!output.getNumberAttr().isEmpty()) {
            return (int) node.getAttrOrThrow(output.getNumberAttr()).getI();
        }
        return output.getTypeListAttr().isEmpty()
                ? 1
                : node.getAttrOrThrow(output.getTypeListAttr()).getList().getTypeCount();
    }

    private static Map<String, OpDef> read() {
        TensorFlow.version(); // loads the native library
        TF_Buffer list = tensorflow.TF_GetAllOpList();
        try {
            byte[] bytes = new byte[(int) list.length()];
            new BytePointer(list.data()).get(bytes);
            Map<String, OpDef> operations = new HashMap<>();
            OpList.parseFrom(bytes).getOpList().forEach(operation -> operations.put(operation.getName(), operation));
            return operations;
        } catch (IOException e) {
            throw new IllegalStateException("TensorFlow's list of operations is broken", e);
        } finally {
            tensorflow.TF_DeleteBuffer(list);
        }
    }
}
