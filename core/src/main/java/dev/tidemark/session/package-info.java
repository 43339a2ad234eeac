/**
 * One conversation with the server: its own SQL, its settings and its ends.
 */
@NullMarked
package dev.tidemark.session;

import org.jspecify.annotations.NullMarked;
