/**
 * Reads the names of files and their directives.
 */
@NullMarked
package dev.tidemark.source.format;

import org.jspecify.annotations.NullMarked;
