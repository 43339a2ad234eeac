/**
 * Splits scripts into statements, and knows what a statement does to its transaction.
 */
@NullMarked
package dev.tidemark.sql.script;

import org.jspecify.annotations.NullMarked;
