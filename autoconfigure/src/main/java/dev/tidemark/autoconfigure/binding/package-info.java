/**
 * Names and values of properties: what is misspelt, renamed, meant for another tool or
 * cannot be used.
 */
@NullMarked
package dev.tidemark.autoconfigure.binding;

import org.jspecify.annotations.NullMarked;
