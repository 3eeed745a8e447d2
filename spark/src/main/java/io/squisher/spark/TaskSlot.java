package io.squisher.spark;

import io.squisher.SquisherException;
import io.squisher.onnx.runtime.Device;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/**
 * What Spark lends to a task.
 *
 * @param threads of one operator: the task's processors
 */
record TaskSlot(Device device, int threads) {
    static final String GPU = "gpu";

    /**
     * That of the task that runs this.
     *
     * @param asked by the user; the processor where no device was lent and none was asked for
     * @throws SquisherException if a CUDA device was asked for and none was lent
     */
    static TaskSlot of(TaskContext task, Device asked) {
        Map<String, ResourceInformation> resources = task.resourcesJMap();
        ResourceInformation lent = resources.get(GPU);
        boolean any = lent != null && lent.addresses().length > 0;
        if (asked instanceof Device.Cpu || !any && !(asked instanceof Device.Cuda)) {
            return new TaskSlot(new Device.Cpu(), task.cpus());
        }
        if (!any) {
            throw notLent();
        }
        return new TaskSlot(
                new Device.Cuda(ordinal(lent.addresses()[0], System.getenv("CUDA_VISIBLE_DEVICES"))), task.cpus());
    }

    static SquisherException notLent() {
        return new SquisherException("a CUDA device was asked for, and Spark lends none to tasks: set"
                + " spark.executor.resource.gpu.amount and spark.task.resource.gpu.amount, or ask for the device cpu");
    }

    /**
     * The number by which CUDA knows a device: its place among the visible ones.
     *
     * @param visible the list that CUDA goes by; null where all are visible
     */
    static int ordinal(String address, String visible) {
        if (visible != null && !visible.isBlank()) {
            List<String> listed =
                    Arrays.stream(visible.split(",")).map(String::strip).toList();
            int place = listed.indexOf(address);
            if (place >= 0) {
                return place;
            }
        }
        if (!address.matches("\\d{1,4}")) {
            throw new SquisherException("Spark lends the device '" + address
                    + "' to the task, which is no number and not in CUDA_VISIBLE_DEVICES ("
                    + (visible == null ? "not set" : visible) + ")");
        }
        return Integer.parseInt(address);
    }
}
