/**
 * The locks that keep instances apart.
 */
@NullMarked
package dev.tidemark.session.lock;

import org.jspecify.annotations.NullMarked;
