/**
 * Orders and customers: a small service whose schema is built when it starts.
 */
@NullMarked
package dev.tidemark.sample;

import org.jspecify.annotations.NullMarked;
