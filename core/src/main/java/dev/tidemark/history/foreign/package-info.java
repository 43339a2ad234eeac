/**
 * What lies beside the history: those of other tools and of other migrations, and what
 * else the schemas hold.
 */
@NullMarked
package dev.tidemark.history.foreign;

import org.jspecify.annotations.NullMarked;
