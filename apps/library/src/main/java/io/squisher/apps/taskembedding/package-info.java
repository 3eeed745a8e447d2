/**
 * Task embeddings (Task2Vec: Achille et al. 2019; Vu et al. 2020): a task is the vector of its Fisher averaged over
 * groups of parameters of one probe network; near tasks are good sources to transfer from.
 *
 * <p>Public API.
 */
package io.squisher.apps.taskembedding;
