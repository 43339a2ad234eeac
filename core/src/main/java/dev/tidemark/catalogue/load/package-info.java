/**
 * How busy the server is, and what others do to a table, as far as work beside live
 * traffic has to know.
 */
@NullMarked
package dev.tidemark.catalogue.load;

import org.jspecify.annotations.NullMarked;
