/**
 * The registry of file formats that hold weights; one package below for each format.
 *
 * <p>Public API.
 */
package io.squisher.format;
