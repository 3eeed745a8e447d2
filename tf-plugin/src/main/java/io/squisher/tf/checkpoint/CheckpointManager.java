package io.squisher.tf.checkpoint;

import io.squisher.SquisherException;
import io.squisher.checkpoint.folder.CheckpointFolder;
import io.squisher.checkpoint.folder.FolderLock;
import io.squisher.checkpoint.folder.Retention;
import io.squisher.checkpoint.folder.SavedCheckpoint;
import io.squisher.files.Daemons;
import io.squisher.files.FormatException;
import io.squisher.files.Opening;
import io.squisher.tf.graph.Given;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.tensorflow.Session;

/**
 * Keeps a folder of checkpoints with their accumulators for a training loop:
 *
 * <pre>{@code
 * try (CheckpointManager checkpoints = CheckpointManager.open(folder, squisher, Retention.last(3).andEvery(10_000))) {
 *     long step = checkpoints.restoreLatest(session).orElse(0);
 *     ...
 *         checkpoints.save(session, step);
 * }
 * }</pre>
 *
 * <p>A save copies the variables, and writes them while the training goes on; the memory of one copy is
 * kept from save to save. A pair of checkpoint and accumulators exists whole or not at all, whenever the process ends.
 * The folder belongs to one manager at a time. Not for several threads.
 */
public final class CheckpointManager implements AutoCloseable {
    private final Squisher squisher;
    private final Retention retention;
    private final FolderLock lock;
    private final BundleLayout layout = new BundleLayout();
    private final CheckpointFolder folder;
    private final CopyBuffers buffers = new CopyBuffers();
    /** A loop that fails without close() must not hang on us. */
    private final ExecutorService writer = Daemons.pool("squisher-checkpoint", 1);

    private Future<?> writing;
    /** The last save's removal of older pairs, which comes after the save is complete. */
    private volatile Future<?> removing;

    private CheckpointManager(Squisher squisher, Retention retention, FolderLock lock, CheckpointFolder folder) {
        this.squisher = squisher;
        this.retention = retention;
        this.lock = lock;
        this.folder = folder;
    }

    /**
     * Opens a folder, which is made if need be, and removes what a killed run left half-written in it. Whole pairs that the
     * state file does not name are taken in.
     *
     * @throws SquisherException if another run is saving into it, or it cannot be written to
     */
    public static CheckpointManager open(Path folder, Squisher squisher, Retention retention) {
        Given.notNull(folder, "the folder of checkpoints");
        Given.notNull(squisher, "the hook");
        Given.notNull(retention, "the retention");
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw FormatException.unwritable(folder, e);
        }
        try (Opening opening = new Opening()) {
            FolderLock lock = opening.add(FolderLock.of(folder));
            return opening.keep(
                    new CheckpointManager(squisher, retention, lock, new CheckpointFolder(folder, new BundleLayout())));
        }
    }

    /** The pairs that exist, oldest first. */
    public List<SavedCheckpoint> checkpoints() {
        return folder.pairs();
    }

    /** The newest pair. */
    public Optional<SavedCheckpoint> latest() {
        List<SavedCheckpoint> all = checkpoints();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    /**
     * Restores the newest pair that is whole.
     *
     * @return its step; empty if the folder has no pair
     * @throws SquisherException if the folder has pairs and none can be read
     */
    public OptionalLong restoreLatest(Session session) {
        await();
        List<SavedCheckpoint> all = checkpoints();
        SquisherException first = null;
        for (int i = all.size() - 1; i >= 0; i--) {
            try {
                layout.verify(all.get(i).prefix());
            } catch (SquisherException e) {
                first = first == null ? e : first;
                continue;
            }
            squisher.restore(session, all.get(i).prefix());
            return OptionalLong.of(all.get(i).step());
        }
        if (first != null) {
            throw first;
        }
        return OptionalLong.empty();
    }

    /**
     * Saves the present values in the background; waits only while the save before is still being written, or pairs are being
     * removed that it has made superfluous.
     *
     * @param step training steps taken so far; also the accumulators' step count where the graph has none
     * @throws SquisherException if the save before failed
     */
    public void save(Session session, long step) {
        save(session, step, OptionalDouble.empty());
    }

    /** As {@link #save(Session, long)}, saying how good the model is. */
    public void save(Session session, long step, double metric) {
        save(session, step, OptionalDouble.of(metric));
    }

    private void save(Session session, long step, OptionalDouble metric) {
        awaitAll();
        Map<String, String> metadata =
                metric.isPresent() ? Map.of(BundleLayout.METRIC_KEY, Double.toString(metric.getAsDouble())) : Map.of();
        Snapshot.SaveFacts facts = squisher.facts(session, OptionalLong.of(step), metadata);
        Snapshot snapshot = Snapshot.copied(session, buffers);
        writing = writer.submit(() -> write(snapshot, facts, step, metric));
    }

    private void write(Snapshot snapshot, Snapshot.SaveFacts facts, long step, OptionalDouble metric) {
        Path prefix = folder.newPrefix(step);
        List<SavedCheckpoint> gone;
        try (PreparedPair pair = snapshot.preparePair(prefix, squisher.variables(), facts)) {
            gone = folder.add(new SavedCheckpoint(prefix, step, metric), pair.inOrder(), retention);
        } catch (RuntimeException e) {
            folder.discard(prefix);
            throw e;
        }
        removing = writer.submit(() -> folder.remove(gone));
    }

    /**
     * Waits until the last save is on disk.
     *
     * @throws SquisherException if it failed
     */
    public void await() {
        Future<?> last = writing;
        writing = null;
        finish(last);
    }

    /** Waits for the last save, and until the older pairs are removed that it has made superfluous. */
    private void awaitAll() {
        await();
        Future<?> last = removing;
        removing = null;
        finish(last);
    }

    private static void finish(Future<?> work) {
        if (work == null) {
            return;
        }
        try {
            work.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SquisherException failure) {
                throw new SquisherException(failure.getMessage(), failure);
            }
            throw new IllegalStateException("saving a checkpoint failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SquisherException("interrupted while a checkpoint was being written", e);
        }
    }

    /** Waits for the last save and gives the folder back. */
    @Override
    public void close() {
        try {
            awaitAll();
        } finally {
            writer.shutdown();
            lock.close();
        }
    }
}
