/**
 * What runs as one piece, and from where on it goes on after an interruption.
 */
@NullMarked
package dev.tidemark.plan.step;

import org.jspecify.annotations.NullMarked;
