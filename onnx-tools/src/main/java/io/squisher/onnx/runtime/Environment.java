package io.squisher.onnx.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * ONNX Runtime's environment, of which a process has one, with a pool of threads that all sessions share: idle threads spin
 * for work for a while, and those of a second pool would take the cores from the first. The system property {@value #THREADS}
 * says how many threads it has, where several processes share a machine; without it there is one a core.
 */
final class Environment {
    private static final String THREADS = "squisher.threads";
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
                threads.setGlobalIntraOpNumThreads(Math.max(0, Integer.getInteger(THREADS, 0)));
                environment =
                        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "squisher", threads);
            } catch (IllegalStateException e) {
                // The program that we run in has made one already, and its sessions have their own threads.
                environment = OrtEnvironment.getEnvironment();
                shares = false;
            } catch (OrtException e) {
                throw new IllegalStateException(e);
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
