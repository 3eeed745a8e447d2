package io.squisher.apps.quantization.number;

import java.util.List;

/** Which weights share a scale. */
public enum Granularity {
    /** All of a tensor. */
    TENSOR(0),
    /** Those of a channel: one position along the channels' axis. */
    CHANNEL(0),
    /** 32 neighbours along the axis beside the channels' axis, in one channel. */
    GROUP32(32),
    /** As {@link #GROUP32}, with 64. */
    GROUP64(64),
    /** As {@link #GROUP32}, with 128. */
    GROUP128(128);

    static final List<Granularity> ALL = List.of(values());
    static final List<Granularity> COARSE = List.of(TENSOR, CHANNEL);
    static final List<Granularity> GROUPS = List.of(GROUP32, GROUP64, GROUP128);

    private final int groupSize;

    Granularity(int groupSize) {
        this.groupSize = groupSize;
    }

    /** Weights in a group; 0 where there are no groups. */
    public int groupSize() {
        return groupSize;
    }

    /** Its name on the command line and in plans. */
    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
