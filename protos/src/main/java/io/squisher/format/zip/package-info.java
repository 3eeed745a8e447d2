/**
 * Zip archives as PyTorch, NumPy and Keras write them: many stored members that may be larger than memory, found by their
 * position in the file.
 *
 * <p>The central directory at the end is the only authority; sizes in local headers are ignored. Read are plain and zip64
 * archives with stored and deflated members. Refused: encryption, several volumes, other compression methods, members of
 * one name, members that reach beyond the file or expand by more than deflate can.
 */
package io.squisher.format.zip;
