/**
 * Where connections come from.
 */
@NullMarked
package dev.tidemark.session.connect;

import org.jspecify.annotations.NullMarked;
