/**
 * The Maven plugin.
 */
@NullMarked
package dev.tidemark.maven;

import org.jspecify.annotations.NullMarked;
