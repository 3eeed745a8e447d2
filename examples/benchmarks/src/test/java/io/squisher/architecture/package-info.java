/** Tests of the whole suite's structure; they live here because this module sees all others but the templates, which are projects of their own. */
package io.squisher.architecture;
