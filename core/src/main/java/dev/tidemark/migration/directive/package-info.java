/**
 * The grammar of directives, the comments by which a file says how it wants to be run.
 */
@NullMarked
package dev.tidemark.migration.directive;

import org.jspecify.annotations.NullMarked;
