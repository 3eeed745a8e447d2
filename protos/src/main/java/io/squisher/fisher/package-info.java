/** The Fisher diagonal: what the applications know about sensitivities, and the file that it lives in. */
package io.squisher.fisher;
