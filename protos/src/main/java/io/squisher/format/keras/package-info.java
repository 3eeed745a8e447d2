/**
 * Models that Keras saves.
 *
 * <p>Keras 3: {@code .keras}, a zip archive of {@code config.json} (layers in order, and under {@code compile_config} the
 * optimizer) and {@code model.weights.h5}; or the latter alone. In it the variables of a layer are numbered, {@code
 * layers/<group>/vars/<i>}, and so are the optimizer's, {@code optimizer/vars/<i>}: iteration, learning rate (not with a
 * schedule), averages (with EMA), accumulated gradients (with gradient accumulation), then the slots, each variable's
 * together or each slot's together, then AMSGrad's maxima.
 *
 * <p>Before: {@code .h5} with {@code model_weights/<layer>/<variable>} and {@code optimizer_weights}, whose variables have
 * names.
 */
package io.squisher.format.keras;
