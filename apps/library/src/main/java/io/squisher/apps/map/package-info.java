/**
 * Mapping: a Fisher of one file's parameters becomes one of another file's, whose names and layouts differ, by comparing the
 * values of the weights. A permutation of weights carries over to their Fisher; a weight that was computed from others does
 * not.
 *
 * <p>Public API.
 */
package io.squisher.apps.map;
