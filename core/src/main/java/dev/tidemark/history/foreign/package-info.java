/**
 * What other migration tools have left in the database.
 */
@NullMarked
package dev.tidemark.history.foreign;

import org.jspecify.annotations.NullMarked;
