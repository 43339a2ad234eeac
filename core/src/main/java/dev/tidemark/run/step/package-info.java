/**
 * Executes one step: its transactions, its statements and its rows of the history.
 */
@NullMarked
package dev.tidemark.run.step;

import org.jspecify.annotations.NullMarked;
