package io.squisher.onnx.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * ONNX Runtime's environment, of which a process has one, with a pool of threads that all sessions share: idle threads spin
 * for work for a while, and those of a second pool would take the cores from the first.
 */
final class Environment {
    private static final AtomicBoolean PREPARED = new AtomicBoolean();

    private Environment() {}

    /** Made when it is first asked for, once. */
    private static final class Made {
        private static final OrtEnvironment INSTANCE;
        private static final boolean SHARES_THREADS;

        static {
            OrtEnvironment environment;
            boolean shares = true;
            try (OrtEnvironment.ThreadingOptions threads = new OrtEnvironment.ThreadingOptions()) {
                environment =
                        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "squisher", threads);
            } catch (IllegalStateException e) {
                // The program that we run in has made one already, and its sessions have their own threads.
                environment = OrtEnvironment.getEnvironment();
                shares = false;
            }
            INSTANCE = environment;
            SHARES_THREADS = shares;
        }
    }

    /** Makes it on a thread of its own, where nobody did so yet. What fails there fails again for who asks for it. */
    static void prepare() {
        if (PREPARED.compareAndSet(false, true)) {
            Thread thread = new Thread(Environment::get, "squisher-onnxruntime");
            thread.setDaemon(true);
            thread.setUncaughtExceptionHandler((failed, problem) -> {});
            thread.start();
        }
    }

    static OrtEnvironment get() {
        return Made.INSTANCE;
    }

    /** Whether sessions may do without threads of their own. */
    static boolean sharesThreads() {
        return Made.SHARES_THREADS;
    }
}
