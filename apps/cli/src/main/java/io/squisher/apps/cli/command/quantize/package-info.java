/** The commands {@code sensitivity} and {@code quantize}. */
package io.squisher.apps.cli.command.quantize;
