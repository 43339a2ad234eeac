/**
 * Runs Tidemark, Flyway, Liquibase and raw JDBC on the same files against the same
 * server, and prints how long each takes and what it costs.
 * <p>
 * There is no JMH here on purpose. A migration tool runs once in the life of a process,
 * while the JVM is cold: most of its time goes into loading classes and into code that is
 * not compiled yet. A harness that repeats the work in a warm JVM would measure what
 * nobody waits for. So each measurement is a fresh process, contestants take turns within
 * each round, and what is reported is the median of the rounds with its spread.
 */
@NullMarked
package dev.tidemark.benchmark;

import org.jspecify.annotations.NullMarked;
