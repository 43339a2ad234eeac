/**
 * The façade of the engine: {@link dev.tidemark.Tidemark}, {@link dev.tidemark.Tenants}
 * and their builders.
 */
@NullMarked
package dev.tidemark;

import org.jspecify.annotations.NullMarked;
