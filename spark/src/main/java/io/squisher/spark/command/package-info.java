/** Spark behind {@code squisher fisher --spark}, and the program for {@code spark-submit}. */
package io.squisher.spark.command;
