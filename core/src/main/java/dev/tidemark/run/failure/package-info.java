/**
 * What is said of a failure: where, why, what state the database is in, and what to do.
 */
@NullMarked
package dev.tidemark.run.failure;

import org.jspecify.annotations.NullMarked;
