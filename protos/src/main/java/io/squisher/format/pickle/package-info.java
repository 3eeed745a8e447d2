/**
 * Python pickles as data: an interpreter of the stack machine (protocols 0 to 5) that executes nothing. A pickle may ask
 * for any function of any module by name; here a name is either on the list of a {@link
 * io.squisher.format.pickle.PickleConstructors}, which builds a plain Java value for it, or the file is refused.
 *
 * <p>Values: {@code null}, {@code Boolean}, {@code Long}, {@code BigInteger}, {@code Double}, {@code String}, {@code byte[]},
 * {@link io.squisher.format.pickle.PickleSequence} for lists, tuples and sets, {@link java.util.Map} in insertion order for
 * dictionaries, {@link io.squisher.format.pickle.PickleGlobal} for a name itself, and what the constructors make.
 */
package io.squisher.format.pickle;
