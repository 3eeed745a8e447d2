/** Tests of the whole suite's structure; they live here because this module sees all others. */
package io.squisher.architecture;
