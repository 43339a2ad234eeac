/**
 * What a run would do, and what it would put at risk.
 */
@NullMarked
package dev.tidemark.run.preview;

import org.jspecify.annotations.NullMarked;
