/**
 * The settings on texts, a file each: what is measured in which units, and by what methods are compared.
 * Start at {@code TextSetting}; {@code TextSettings} lists all.
 */
package io.squisher.examples.reproduce.text.study;
