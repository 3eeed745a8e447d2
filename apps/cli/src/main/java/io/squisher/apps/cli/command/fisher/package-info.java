/**
 * Commands that run an ONNX graph: {@code fisher}, {@code fisher-merge}, {@code fisher-graph}, {@code evaluate}. A family of commands knows the
 * command line's frame, but no other family. Start at {@code FisherCommand}.
 */
package io.squisher.apps.cli.command.fisher;
