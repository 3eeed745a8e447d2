/**
 * The command that trains an ONNX model: {@code train}. A family of commands knows the command line's frame, but no other family. Start at
 * {@code TrainCommand}.
 */
package io.squisher.apps.cli.command.train;
