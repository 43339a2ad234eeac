/**
 * Executes a plan: session, lock, transactions and journal.
 */
@NullMarked
package dev.tidemark.run;

import org.jspecify.annotations.NullMarked;
