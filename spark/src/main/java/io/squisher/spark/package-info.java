/**
 * The Fisher diagonal over a data set on Apache Spark.
 *
 * <p>Public API. {@link io.squisher.spark.SparkFisher} is where it begins.
 *
 * <p>Each task adds the squares of its partition ({@code PartitionSums}) with an estimator that its task slot keeps ({@code
 * Estimators}). The sums move in blocks through a sorted shuffle and are added in the partitions' order ({@code MergedBlocks}), so
 * a task that is tried again changes no bit. The driver takes them reducer by reducer into a file ({@code SumsSpool}).
 */
package io.squisher.spark;
