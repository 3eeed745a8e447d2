/**
 * What a command line may say: how options are declared, what values they take, and which files may be written. All of it is
 * checked before a command runs. Knows the option parser and the formats' lists of files. Start at {@code Flags}.
 */
package io.squisher.apps.cli.option;
