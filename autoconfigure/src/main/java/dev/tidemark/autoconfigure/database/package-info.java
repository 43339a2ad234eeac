/**
 * Makes a database of Tidemark of the properties and beans that are about it.
 */
@NullMarked
package dev.tidemark.autoconfigure.database;

import org.jspecify.annotations.NullMarked;
