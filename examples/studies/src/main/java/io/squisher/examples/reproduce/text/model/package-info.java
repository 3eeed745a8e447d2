/**
 * Encoders that are fine-tuned on tasks, kept on disk with their Squisher and their Fishers, and what is measured of them.
 * Start at {@code TextModels}.
 */
package io.squisher.examples.reproduce.text.model;
