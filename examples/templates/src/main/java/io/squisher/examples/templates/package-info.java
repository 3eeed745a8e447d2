/**
 * Programs to copy: each class with a {@code main} is shorter than 120 lines and runs by one command, which
 * {@code docs/templates.md} lists. They take the embedded digits and the small networks of {@code examples.network};
 * {@code DigitsStep} is one training step on such a network, {@code WordPieces} the tokens of a text.
 */
package io.squisher.examples.templates;
