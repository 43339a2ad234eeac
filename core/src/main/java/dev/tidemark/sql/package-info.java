/**
 * Exact lexing of PostgreSQL: tokens, names, literals and quoting; knows nothing of
 * migrations.
 */
@NullMarked
package dev.tidemark.sql;

import org.jspecify.annotations.NullMarked;
