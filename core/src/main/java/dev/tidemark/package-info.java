/**
 * The façade of the engine: {@link dev.tidemark.Tidemark} and its settings and results.
 */
@NullMarked
package dev.tidemark;

import org.jspecify.annotations.NullMarked;
