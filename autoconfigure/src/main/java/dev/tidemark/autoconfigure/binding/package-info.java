/**
 * Names of properties: what is misspelt, renamed or meant for another tool.
 */
@NullMarked
package dev.tidemark.autoconfigure.binding;

import org.jspecify.annotations.NullMarked;
