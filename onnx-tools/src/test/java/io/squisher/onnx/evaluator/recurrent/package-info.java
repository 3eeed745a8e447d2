/** RNN, GRU and LSTM: a cell each, run over sequences by {@link io.squisher.onnx.evaluator.recurrent.Recurrence}. */
package io.squisher.onnx.evaluator.recurrent;
