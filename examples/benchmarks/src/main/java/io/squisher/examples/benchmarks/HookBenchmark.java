package io.squisher.examples.benchmarks;

import io.squisher.internal.gson.GsonBuilder;
import io.squisher.internal.gson.JsonObject;
import io.squisher.tf.checkpoint.Squisher;
import io.squisher.tf.training.OwnAccumulator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.tensorflow.Session;
import org.tensorflow.op.Op;

/**
 * Times a training step without the hook, with it, and with an accumulator of our own, and prints JSON: the median step of
 * each, and by how much it differs from that of the first. Three equal networks take their steps in turns, each turn in a new
 * order; a fourth, without the hook as the first, shows how far two equal things are apart on this machine.
 *
 * <p>Arguments: {@code width=320} and {@code layers=3} of the network, {@code batch=128}, {@code rounds=2000}.
 */
public final class HookBenchmark {
    private HookBenchmark() {}

    public static void main(String[] arguments) {
        Arguments options = new Arguments(arguments);
        int rounds = options.integer("rounds", 2000);
        List<Contender> contenders = new ArrayList<>();
        try {
            for (Kind kind : Kind.values()) {
                WideNetwork network = new WideNetwork(
                        options.integer("width", 320), options.integer("layers", 3), options.integer("batch", 128));
                contenders.add(new Contender(network, kind, new Timings(rounds)));
            }
            race(contenders, rounds);
            System.out.println(new GsonBuilder().setPrettyPrinting().create().toJson(json(contenders)));
        } finally {
            contenders.forEach(Contender::close);
        }
    }

    private static void race(List<Contender> contenders, int rounds) {
        Random random = new Random(1);
        List<Contender> order = new ArrayList<>(contenders);
        for (int round = -rounds / 10; round < rounds; round++) {
            Collections.shuffle(order, random);
            for (Contender contender : order) {
                contender.step(round);
            }
        }
    }

    private static JsonObject json(List<Contender> contenders) {
        Timings plain = contenders.get(0).timings;
        JsonObject json = new JsonObject();
        for (Contender contender : contenders) {
            String name = contender.kind.name().toLowerCase(java.util.Locale.ROOT);
            json.addProperty(name + "_ms", contender.timings.median() * 1e3);
            json.addProperty(name + "_ratio_of_medians", contender.timings.median() / plain.median());
        }
        return json;
    }

    private enum Kind {
        PLAIN,
        PLAIN_AGAIN,
        HOOK,
        OWN_ACCUMULATOR
    }

    private static final class Contender implements AutoCloseable {
        private final WideNetwork network;
        private final Kind kind;
        private final Timings timings;
        private final Op training;
        private final Session session;

        Contender(WideNetwork network, Kind kind, Timings timings) {
            this.network = network;
            this.kind = kind;
            this.timings = timings;
            if (kind == Kind.HOOK) {
                Squisher.attach(network.graph());
            }
            training = kind == Kind.OWN_ACCUMULATOR
                    ? OwnAccumulator.add(network.minimize()).train()
                    : network.minimize();
            session = new Session(network.graph());
            session.initialize();
        }

        void step(int round) {
            timings.time(round, () -> network.step(session, training));
        }

        @Override
        public void close() {
            session.close();
            network.close();
        }
    }
}
