/**
 * How a run behaves.
 */
@NullMarked
package dev.tidemark.run.settings;

import org.jspecify.annotations.NullMarked;
