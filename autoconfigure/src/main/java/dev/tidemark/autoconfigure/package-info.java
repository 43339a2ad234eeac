/**
 * Wires Tidemark into a Spring Boot application: properties, the connection, and the
 * order in which the application starts.
 */
@NullMarked
package dev.tidemark.autoconfigure;

import org.jspecify.annotations.NullMarked;
