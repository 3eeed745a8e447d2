/** The graph of a model as a picture: which node stands where. Start at {@code NetworkFigure}. */
package io.squisher.report.network;
