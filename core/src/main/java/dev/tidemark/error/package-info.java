/**
 * The codes, problems and exceptions that every part of the engine speaks.
 */
@NullMarked
package dev.tidemark.error;

import org.jspecify.annotations.NullMarked;
