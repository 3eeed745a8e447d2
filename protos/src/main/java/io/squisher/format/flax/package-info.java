/**
 * Checkpoints of Flax and optax.
 *
 * <p>{@code flax.serialization.to_bytes} writes one MessagePack map: keys are names, or positions for tuples and lists; an array is an
 * extension of type 1, (shape, name of its type, bytes), a scalar of NumPy one of type 3; an array above a gigabyte is a map
 * {@code __msgpack_chunked_array__} with {@code shape} and flat {@code chunks}. A training state has {@code params}, {@code opt_state} and
 * collections such as {@code batch_stats}; a model alone has the parameters at the top. Arrays are read in place.
 *
 * <p>optax's states are known by the fields of their classes, whose names are not in the file: see {@link
 * io.squisher.format.flax.OptaxState}.
 */
package io.squisher.format.flax;
