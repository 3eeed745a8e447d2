/**
 * Programs to copy: each is one class with a {@code main}, shorter than 120 lines, and stands alone but for the embedded
 * data. {@code mvn -B -q -pl examples -am test -Dtest=TemplatesTest -Dsurefire.failIfNoSpecifiedTests=false} runs them.
 */
package io.squisher.examples.templates;
