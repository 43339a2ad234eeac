/**
 * What can be ordered.
 */
@NullMarked
package dev.tidemark.sample.product;

import org.jspecify.annotations.NullMarked;
