/**
 * Coverage-guided fuzzing of every reader with Jazzer, which is not part of the usual tests: {@code mvn -Pfuzz -pl protos -am
 * -am test -Dsquisher.fuzz.seconds=600}.
 */
package io.squisher.fuzz;
