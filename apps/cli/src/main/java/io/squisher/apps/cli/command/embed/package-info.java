/**
 * Commands of task embeddings: {@code embed} and {@code similarity}. A family of commands knows the command line's frame, but
 * no other family. Start at {@code EmbedCommand}.
 */
package io.squisher.apps.cli.command.embed;
