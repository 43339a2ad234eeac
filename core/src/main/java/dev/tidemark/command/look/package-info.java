/**
 * Looks at a database without changing anything: inspections and previews.
 */
@NullMarked
package dev.tidemark.command.look;

import org.jspecify.annotations.NullMarked;
