/**
 * The history table: its rows and its statements.
 */
@NullMarked
package dev.tidemark.history;

import org.jspecify.annotations.NullMarked;
