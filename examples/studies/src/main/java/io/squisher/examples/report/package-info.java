/** What reports of studies share: numbers of several seeds for pages and the terminal, and the drawn picture of the documents. */
package io.squisher.examples.report;
