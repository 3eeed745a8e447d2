package io.squisher.onnx.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import io.squisher.SquisherException;

/** Makes the options of a session from our settings, and finds the device. */
final class SessionOptionsFactory {
    private SessionOptionsFactory() {}

    static OrtSession.SessionOptions options(RuntimeSettings settings, OrtSession.SessionOptions.OptLevel level)
            throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setOptimizationLevel(level);
        options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
        if (settings.threads() == 0 && Environment.sharesThreads()) {
            options.disablePerSessionThreads();
        } else {
            options.setIntraOpNumThreads(settings.threads());
            // Idle threads spin for work; with a second session open they take the cores from each other.
            options.addConfigEntry("session.force_spinning_stop", "1");
        }
        // A pattern of all values is laid out for one batch size, beside the memory that the run before left: twice as
        // much.
        options.setMemoryPatternOptimization(false);
        addDevice(options, settings);
        return options;
    }

    /** Whether this build of ONNX Runtime knows CUDA. */
    static boolean hasCuda() {
        return OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA);
    }

    private static void addDevice(OrtSession.SessionOptions options, RuntimeSettings settings) {
        if (settings.device() instanceof Device.Cuda cuda) {
            try {
                options.addCUDA(cuda.index());
            } catch (OrtException e) {
                throw new SquisherException(
                        "CUDA is not available: " + OrtMessages.clean(e)
                                + "; build with -Pgpu and install CUDA and cuDNN, or use --device cpu",
                        e);
            }
        } else if (settings.device() instanceof Device.Auto auto && !addsCuda(options, auto)) {
            settings.notices().accept("CUDA is not available, running on the processor");
        }
    }

    /** Whether there is nothing to tell: CUDA is there, or nobody who has ONNX Runtime without it asked for it. */
    private static boolean addsCuda(OrtSession.SessionOptions options, Device.Auto auto) {
        if (!hasCuda()) {
            return !auto.asked();
        }
        try {
            options.addCUDA(0);
            return true;
        } catch (OrtException e) {
            return false;
        }
    }
}
