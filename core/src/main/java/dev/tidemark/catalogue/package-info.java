/**
 * Asks the catalogue of the live database: the only place that reads what is there.
 */
@NullMarked
package dev.tidemark.catalogue;

import org.jspecify.annotations.NullMarked;
