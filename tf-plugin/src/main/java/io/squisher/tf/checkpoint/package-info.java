/**
 * The hook in a training loop. Three lines are enough:
 *
 * <pre>{@code
 * Squisher squisher = Squisher.attach(graph)          // after optimizer.minimize(loss)
 *         .batchSize(32).datasetSize(images.size());  // the loss is a mean over the batch, unless lossReduction says SUM
 * ...
 * squisher.save(session, Path.of("checkpoints/model"));  // in place of session.save("checkpoints/model")
 * }</pre>
 *
 * <p>Nothing is added to the training step. A save writes TensorFlow's own checkpoint and, beside it,
 * {@code model.squisher.safetensors}: the optimizer's squared-gradient accumulator for each parameter, exactly as the
 * optimizer keeps it, with the facts that are needed to read it as a Fisher diagonal.
 *
 * <p>Public API.
 */
package io.squisher.tf.checkpoint;
