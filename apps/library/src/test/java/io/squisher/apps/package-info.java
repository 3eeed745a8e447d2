/** What the tests of all applications share. */
package io.squisher.apps;
