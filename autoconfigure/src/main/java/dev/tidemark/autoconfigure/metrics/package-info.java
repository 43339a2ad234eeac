/**
 * Measures migrations through Micrometer.
 */
@NullMarked
package dev.tidemark.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;
