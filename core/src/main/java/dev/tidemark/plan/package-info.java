/**
 * Decides, without touching anything, what has to run and what stands in the way.
 */
@NullMarked
package dev.tidemark.plan;

import org.jspecify.annotations.NullMarked;
