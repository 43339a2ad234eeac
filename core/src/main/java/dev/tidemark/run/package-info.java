/**
 * What users hand in and get back: requests, results and listeners.
 */
@NullMarked
package dev.tidemark.run;

import org.jspecify.annotations.NullMarked;
