/**
 * Runs migrations in Java, on connections that guard the run's own.
 */
@NullMarked
package dev.tidemark.run.code;

import org.jspecify.annotations.NullMarked;
