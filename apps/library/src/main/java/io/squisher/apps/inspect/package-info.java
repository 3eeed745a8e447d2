/** What is in a file of named tensors, for somebody who looks at it. */
package io.squisher.apps.inspect;
