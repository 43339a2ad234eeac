/**
 * What a start prints and writes: plans, statuses and reports.
 */
@NullMarked
package dev.tidemark.autoconfigure.output;

import org.jspecify.annotations.NullMarked;
