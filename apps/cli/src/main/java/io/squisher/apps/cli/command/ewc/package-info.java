/**
 * {@code ewc}: penalties for elastic weight consolidation. A family of commands knows the command line's frame, but no other
 * family. Start at {@code EwcCommand}.
 */
package io.squisher.apps.cli.command.ewc;
