/**
 * Folders that Hugging Face's Trainer writes, {@code checkpoint-<step>}: {@code optimizer.pt} beside the model's weights.
 * {@code training_args.bin} is a pickle of program settings and is not read.
 */
package io.squisher.format.trainer;
