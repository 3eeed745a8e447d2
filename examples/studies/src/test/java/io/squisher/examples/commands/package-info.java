/** What holds for the commands of the studies together. */
package io.squisher.examples.commands;
