/**
 * What applications use of the starter: the customizer, the connection of migrations and
 * the exit codes.
 */
@NullMarked
package dev.tidemark.autoconfigure;

import org.jspecify.annotations.NullMarked;
