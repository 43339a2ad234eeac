/**
 * What a run is doing now, and what it has changed so far.
 */
@NullMarked
package dev.tidemark.run.progress;

import org.jspecify.annotations.NullMarked;
