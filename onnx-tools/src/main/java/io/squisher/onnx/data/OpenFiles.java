package io.squisher.onnx.data;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The npz files of a data set, of which the ones read last are open. */
final class OpenFiles implements AutoCloseable {
    /** A batch may begin in one file and end in the next; the rest is for reading back and forth. */
    private static final int MOST = 4;

    private final List<Path> paths;
    private final Map<Integer, Opened> open = new LinkedHashMap<>(2 * MOST, 0.75f, true);

    private static final class Opened {
        private final NpzFile file;
        private TakenArrays taken;
        private Examples examples;

        Opened(NpzFile file) {
            this.file = file;
        }

        Examples examples(TakenArrays wanted, Consumer<String> notices) {
            if (taken != wanted) {
                examples = wanted.of(file, notices);
                taken = wanted;
            }
            return examples;
        }
    }

    OpenFiles(List<Path> paths) {
        this.paths = List.copyOf(paths);
    }

    /** Opens a file, if it is not. */
    void open(int number) {
        opened(number);
    }

    /** The examples of one file, readable until so many other files were asked for. */
    synchronized Examples examples(int number, TakenArrays taken, Consumer<String> notices) {
        return opened(number).examples(taken, notices);
    }

    private synchronized Opened opened(int number) {
        Opened opened = open.get(number);
        if (opened == null) {
            if (open.size() == MOST) {
                Map.Entry<Integer, Opened> oldest = open.entrySet().iterator().next();
                open.remove(oldest.getKey());
                oldest.getValue().file.close();
            }
            opened = new Opened(NpzFile.open(paths.get(number)));
            open.put(number, opened);
        }
        return opened;
    }

    @Override
    public synchronized void close() {
        open.values().forEach(opened -> opened.file.close());
        open.clear();
    }
}
