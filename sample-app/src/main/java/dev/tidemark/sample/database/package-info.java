/**
 * The PostgreSQL server that the service brings along.
 */
@NullMarked
package dev.tidemark.sample.database;

import org.jspecify.annotations.NullMarked;
