/**
 * Exact lexing, splitting and recognition of PostgreSQL statements; knows nothing of
 * migrations.
 */
@NullMarked
package dev.tidemark.sql;

import org.jspecify.annotations.NullMarked;
