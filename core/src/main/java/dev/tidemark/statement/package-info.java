/**
 * The model of what a statement does, as far as the engine has to know.
 */
@NullMarked
package dev.tidemark.statement;

import org.jspecify.annotations.NullMarked;
