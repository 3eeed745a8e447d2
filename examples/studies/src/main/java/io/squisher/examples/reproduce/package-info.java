/**
 * The paper's six settings (Li et al. 2025, METHOD of "Fishers for Free?") on real images: Fisher, Squisher and Fisher-free
 * baselines under the same conditions, over several seeds. Each setting has its package, and only {@code experiment} knows them
 * all. Start at {@code ReproduceCommand}.
 */
package io.squisher.examples.reproduce;
