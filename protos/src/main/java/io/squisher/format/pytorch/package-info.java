/**
 * What {@code torch.save} writes: state dicts, optimizer states, and training checkpoints that hold both.
 *
 * <p>Two containers. Since PyTorch 1.6 a zip archive with stored members: {@code <top>/data.pkl}, a pickle in which tensors
 * refer to storages by key, {@code <top>/data/<key>}, the raw bytes of a storage, and {@code <top>/byteorder}. Before, a
 * sequence in one file: the pickles of a magic number, a protocol version, facts about the system, the object itself, and
 * the list of storage keys; then for each key in that order the number of elements as 8 bytes and the raw elements.
 *
 * <p>A tensor is a view of a storage: element type, offset and strides in elements. Several tensors may share a storage.
 *
 * <p>A whole module ({@code torch.save(model)}) is a placeholder of a class that nobody here has; its parameters and buffers stand in its
 * attributes {@code _parameters}, {@code _buffers} and {@code _modules}, as those of every module do.
 *
 * <p>Refused: values that stand behind names that {@link io.squisher.format.pytorch.TorchConstructors} does not know, TorchScript
 * archives, big-endian files, and the tar files before PyTorch 0.1.10.
 */
package io.squisher.format.pytorch;
