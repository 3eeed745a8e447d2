package io.squisher.onnx.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;

/**
 * ONNX Runtime's environment, of which a process has one, with a pool of threads that all sessions share: idle threads spin
 * for work for a while, and those of a second pool would take the cores from the first.
 */
final class Environment {
    private static final OrtEnvironment INSTANCE;
    private static final boolean SHARES_THREADS;

    static {
        OrtEnvironment environment;
        boolean shares = true;
        try (OrtEnvironment.ThreadingOptions threads = new OrtEnvironment.ThreadingOptions()) {
            environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "squisher", threads);
        } catch (IllegalStateException e) {
            // The program that we run in has made one already, and its sessions have their own threads.
            environment = OrtEnvironment.getEnvironment();
            shares = false;
        }
        INSTANCE = environment;
        SHARES_THREADS = shares;
    }

    private Environment() {}

    static OrtEnvironment get() {
        return INSTANCE;
    }

    /** Whether sessions may do without threads of their own. */
    static boolean sharesThreads() {
        return SHARES_THREADS;
    }
}
