/**
 * What a command says: lines, tables, JSON and progress. Knows tensors alone. Start at {@code Console}.
 */
package io.squisher.apps.cli.output;
