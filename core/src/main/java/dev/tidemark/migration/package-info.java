/**
 * What a migration is: identity, version, text, directives and code.
 */
@NullMarked
package dev.tidemark.migration;

import org.jspecify.annotations.NullMarked;
