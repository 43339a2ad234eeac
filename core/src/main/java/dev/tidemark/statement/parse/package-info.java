/**
 * Reads what statements do: a recursive descent over our own tokens.
 */
@NullMarked
package dev.tidemark.statement.parse;

import org.jspecify.annotations.NullMarked;
