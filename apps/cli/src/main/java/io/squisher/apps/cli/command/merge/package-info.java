/**
 * {@code merge}: its options, its recipe in YAML, and its search over weights. A family of commands knows the command line's
 * frame, but no other family. Start at {@code MergeCommand}.
 */
package io.squisher.apps.cli.command.merge;
