/** The registry of file formats that hold weights; one package below for each format. */
package io.squisher.format;
