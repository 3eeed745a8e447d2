/**
 * What every application does before it writes: checks all inputs against each other and reports every problem at once.
 *
 * <p>Public API.
 */
package io.squisher.apps.plan;
