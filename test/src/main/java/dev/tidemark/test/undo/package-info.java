/**
 * Proves that undo files take back what their migrations do.
 */
@NullMarked
package dev.tidemark.test.undo;

import org.jspecify.annotations.NullMarked;
