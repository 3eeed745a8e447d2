/** The command {@code compress}. */
package io.squisher.apps.cli.command.compress;
