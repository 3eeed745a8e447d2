/** {@code squisher example}: runs the programs of {@code examples/templates}. Start at {@code ExampleCommand}. */
package io.squisher.examples.templates;
