/**
 * Finds out what a statement has left behind that runs outside transactions.
 */
@NullMarked
package dev.tidemark.run.recovery;

import org.jspecify.annotations.NullMarked;
