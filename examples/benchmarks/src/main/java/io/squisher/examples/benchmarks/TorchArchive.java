package io.squisher.examples.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes a training checkpoint as {@code torch.save} does, a zip archive of stored members: the weights of square matrices under
 * {@code model}, and the state of Adam under {@code optimizer}. Where values do not matter, their place is left as a hole.
 */
final class TorchArchive implements AutoCloseable {
    private static final int IN_ZIP64 = 0xffffffff;

    private final FileChannel channel;
    private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
    private final boolean holes;
    private int members;

    private TorchArchive(Path path, boolean holes) throws IOException {
        this.channel = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        this.holes = holes;
    }

    /**
     * Writes a checkpoint.
     *
     * @param parameters how many matrices
     * @param side rows and columns of each
     * @param holes whether the values are left out, so that the file takes no room
     */
    static void write(Path path, int parameters, int side, boolean holes) throws IOException {
        try (TorchArchive archive = new TorchArchive(path, holes)) {
            byte[] pickle = pickle(parameters, side).getBytes(StandardCharsets.ISO_8859_1);
            archive.begin("archive/data.pkl", pickle.length);
            archive.put(ByteBuffer.wrap(pickle));
            for (int key = 0; key < 3 * parameters; key++) {
                archive.member("archive/data/" + key, 4L * side * side);
            }
            archive.finish();
        }
    }

    /** Storage keys are counted: weights first, then the squares, then the averages. */
    private static String pickle(int parameters, int side) {
        StringBuilder text = new StringBuilder("}(S'model'\n}(");
        for (int i = 0; i < parameters; i++) {
            text.append("S'layer.").append(i).append(".weight'\n").append(tensor(i, side));
        }
        text.append("uS'optimizer'\n}(S'state'\n}(");
        for (int i = 0; i < parameters; i++) {
            text.append('I').append(i).append("\n}(S'step'\nI1000\nS'exp_avg_sq'\n");
            text.append(tensor(parameters + i, side));
            text.append("S'exp_avg'\n").append(tensor(2 * parameters + i, side)).append('u');
        }
        text.append("uS'param_groups'\n(l}(S'betas'\n(F0.9\nF0.999\ntS'amsgrad'\nI00\nS'params'\n(");
        for (int i = 0; i < parameters; i++) {
            text.append('I').append(i).append('\n');
        }
        return text.append("luauu.").toString();
    }

    private static String tensor(int key, int side) {
        long elements = (long) side * side;
        return "ctorch._utils\n_rebuild_tensor_v2\n((S'storage'\nctorch\nFloatStorage\nS'" + key + "'\nS'cpu'\nI"
                + elements + "\ntQI0\n(I" + side + "\nI" + side + "\nt(I" + side + "\nI1\ntI00\nNtR";
    }

    private void member(String name, long size) throws IOException {
        begin(name, size);
        if (holes) {
            channel.position(channel.position() + size);
        } else {
            Noise.write(channel, size);
        }
    }

    /** The header of a member, here and in the directory; sizes stand in the zip64 field, which is always there. */
    private void begin(String name, long size) throws IOException {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        long at = channel.position();
        ByteBuffer local = buffer(30 + text.length + 20);
        local.putInt(0x04034b50).putShort((short) 45).putShort((short) 0).putShort((short) 0);
        local.putInt(0).putInt(0).putInt(IN_ZIP64).putInt(IN_ZIP64);
        local.putShort((short) text.length).putShort((short) 20).put(text);
        local.putShort((short) 1).putShort((short) 16).putLong(size).putLong(size);
        put(local.flip());
        ByteBuffer entry = buffer(46 + text.length + 28);
        entry.putInt(0x02014b50).putShort((short) 45).putShort((short) 45).putShort((short) 0);
        entry.putShort((short) 0).putInt(0).putInt(0).putInt(IN_ZIP64).putInt(IN_ZIP64);
        entry.putShort((short) text.length)
                .putShort((short) 28)
                .putShort((short) 0)
                .putShort((short) 0);
        entry.putShort((short) 0).putInt(0).putInt(IN_ZIP64).put(text);
        entry.putShort((short) 1)
                .putShort((short) 24)
                .putLong(size)
                .putLong(size)
                .putLong(at);
        directory.writeBytes(entry.array());
        members++;
    }

    private void finish() throws IOException {
        long start = channel.position();
        put(ByteBuffer.wrap(directory.toByteArray()));
        long end = channel.position();
        ByteBuffer tail = buffer(56 + 20 + 22);
        tail.putInt(0x06064b50)
                .putLong(44)
                .putShort((short) 45)
                .putShort((short) 45)
                .putInt(0)
                .putInt(0);
        tail.putLong(members).putLong(members).putLong(directory.size()).putLong(start);
        tail.putInt(0x07064b50).putInt(0).putLong(end).putInt(1);
        tail.putInt(0x06054b50).putInt(0).putShort((short) -1).putShort((short) -1);
        tail.putInt(IN_ZIP64).putInt(IN_ZIP64).putShort((short) 0);
        put(tail.flip());
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void put(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
