package io.squisher.apps.quantization.number;

import java.util.List;

/** A way to store a weight in few bits. */
public sealed interface NumberFormat permits HalfFloat, ScaledFormat, LearnedTable, StoredFormat {
    /** Its name on the command line and in plans, such as {@code int4-asymmetric}. */
    String word();

    /** Over what a scale or a table of this format may reach; none where nothing belongs to a tensor beside its codes. */
    List<Granularity> granularities();
}
