/**
 * Real PostgreSQL servers and fresh databases for the tests of this build.
 */
@NullMarked
package dev.tidemark.testkit;

import org.jspecify.annotations.NullMarked;
