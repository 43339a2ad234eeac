/**
 * Asks the catalogue of the live database: relations, indexes, who depends on what.
 */
@NullMarked
package dev.tidemark.catalogue;

import org.jspecify.annotations.NullMarked;
