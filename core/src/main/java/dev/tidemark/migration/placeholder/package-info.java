/**
 * How files write values that differ from database to database.
 */
@NullMarked
package dev.tidemark.migration.placeholder;

import org.jspecify.annotations.NullMarked;
