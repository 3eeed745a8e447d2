/**
 * HDF5 files as Keras writes them: numeric datasets in groups. The structure is read by the jHDF library; contiguous values
 * are read in place, so that they need no heap, and compressed or chunked ones through the library.
 */
package io.squisher.format.hdf5;
