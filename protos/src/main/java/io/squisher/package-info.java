/** Root of the suite: the one exception type for mistakes that a user can mend. */
package io.squisher;
