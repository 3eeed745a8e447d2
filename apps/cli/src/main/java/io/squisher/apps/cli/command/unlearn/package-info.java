/** The commands that make a model forget, and that ask what it still betrays. */
package io.squisher.apps.cli.command.unlearn;
