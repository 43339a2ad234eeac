/**
 * Shows migrations to the operators of an application: endpoint and health.
 */
@NullMarked
package dev.tidemark.autoconfigure.actuate;

import org.jspecify.annotations.NullMarked;
