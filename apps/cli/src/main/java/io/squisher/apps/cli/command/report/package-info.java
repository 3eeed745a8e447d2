/**
 * {@code report}: a page on diagonals. A family of commands knows the command line's frame, but no other family. Start at
 * {@code ReportCommand}.
 */
package io.squisher.apps.cli.command.report;
