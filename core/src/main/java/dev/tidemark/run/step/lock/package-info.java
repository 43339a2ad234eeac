/**
 * How attempts come by their locks: who is looked for before one queues, and what is done
 * when it did not get them.
 */
@NullMarked
package dev.tidemark.run.step.lock;

import org.jspecify.annotations.NullMarked;
