/**
 * Rules over recognised statements and facts of the live database, and what they find.
 */
@NullMarked
package dev.tidemark.safety;

import org.jspecify.annotations.NullMarked;
