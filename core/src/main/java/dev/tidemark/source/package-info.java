/**
 * Finds migration files and reads their names, directives and checksums.
 */
@NullMarked
package dev.tidemark.source;

import org.jspecify.annotations.NullMarked;
