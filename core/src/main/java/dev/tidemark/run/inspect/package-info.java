/**
 * What a look at a database tells.
 */
@NullMarked
package dev.tidemark.run.inspect;

import org.jspecify.annotations.NullMarked;
