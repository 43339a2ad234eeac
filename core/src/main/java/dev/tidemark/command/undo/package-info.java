/**
 * Takes migrations back, and rebuilds a schema from its files.
 */
@NullMarked
package dev.tidemark.command.undo;

import org.jspecify.annotations.NullMarked;
