/**
 * What is done with files before any database: scaffolding, released files, checks of
 * undo files.
 */
@NullMarked
package dev.tidemark.author;

import org.jspecify.annotations.NullMarked;
