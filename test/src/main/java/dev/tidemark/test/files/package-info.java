/**
 * Checks migration files when an application is built, without a database.
 */
@NullMarked
package dev.tidemark.test.files;

import org.jspecify.annotations.NullMarked;
