/**
 * What was ordered.
 */
@NullMarked
package dev.tidemark.sample.order;

import org.jspecify.annotations.NullMarked;
