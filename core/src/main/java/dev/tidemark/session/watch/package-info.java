/**
 * Watches statements while they run, from a connection beside them.
 */
@NullMarked
package dev.tidemark.session.watch;

import org.jspecify.annotations.NullMarked;
