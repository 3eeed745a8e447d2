/** Reports for people: one HTML file that needs nothing beside it, with tables and drawn charts. */
package io.squisher.examples.report;
