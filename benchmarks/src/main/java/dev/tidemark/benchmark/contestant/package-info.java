/**
 * The programs that are measured, each in a JVM of its own with nothing on its class path
 * but what it needs. They migrate {@code classpath:db/migration} (Liquibase:
 * {@code classpath:db/changelog}) into the database that {@code benchmark.url},
 * {@code benchmark.user} and {@code benchmark.password} name.
 */
@NullMarked
package dev.tidemark.benchmark.contestant;

import org.jspecify.annotations.NullMarked;
