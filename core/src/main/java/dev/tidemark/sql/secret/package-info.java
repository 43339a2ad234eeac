/**
 * Finds secrets in SQL and takes them out.
 */
@NullMarked
package dev.tidemark.sql.secret;

import org.jspecify.annotations.NullMarked;
