/**
 * Python pickles as data: an interpreter of the stack machine (protocols 0 to 5) that executes nothing. A pickle may ask
 * for any function of any module by name; here a name either stands for a plain Java value that a {@link
 * io.squisher.format.pickle.PickleConstructors} builds, or for nothing: then whatever would be made of it is a {@link
 * io.squisher.format.pickle.PickleObject}, which carries the name and can be handed on, but has no value. Whoever needs a
 * value where one stands refuses the file by that name.
 *
 * <p>Values: {@code null}, {@code Boolean}, {@code Long}, {@code BigInteger}, {@code Double}, {@code String}, {@code byte[]},
 * {@link io.squisher.format.pickle.PickleSequence} for lists, tuples and sets, {@link java.util.Map} in insertion order for
 * dictionaries, {@link io.squisher.format.pickle.PickleGlobal} for a name itself, and what the constructors make.
 */
package io.squisher.format.pickle;
