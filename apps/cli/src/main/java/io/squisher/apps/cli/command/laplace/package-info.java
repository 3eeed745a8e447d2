/** The command that gives a classifier uncertainty: {@code laplace}. Start at {@code LaplaceCommand}. */
package io.squisher.apps.cli.command.laplace;
