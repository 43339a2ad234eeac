/**
 * What a session sets and what the server says of itself.
 */
@NullMarked
package dev.tidemark.session.settings;

import org.jspecify.annotations.NullMarked;
