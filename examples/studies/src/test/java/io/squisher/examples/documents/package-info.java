/** What pages of documentation ask their readers to do, as data for tests. */
package io.squisher.examples.documents;
