/**
 * Gradients of LSTM, GRU and RNN: the gates of all steps are computed again at once from the hidden states that the
 * forward left, then a Scan takes the gradient back step by step. Start at
 * {@link io.squisher.onnx.autodiff.rules.recurrent.RecurrentRule}.
 */
package io.squisher.onnx.autodiff.rules.recurrent;
