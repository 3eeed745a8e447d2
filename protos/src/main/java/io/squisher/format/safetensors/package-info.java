/**
 * The safetensors format: an 8-byte little-endian header length, a JSON header, then the tensors' bytes without holes.
 */
package io.squisher.format.safetensors;
