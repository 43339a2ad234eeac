/**
 * Reads folders, jars and the class path.
 */
@NullMarked
package dev.tidemark.source.folder;

import org.jspecify.annotations.NullMarked;
