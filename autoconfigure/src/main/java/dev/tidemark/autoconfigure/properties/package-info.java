/**
 * The properties of an application, in groups.
 */
@NullMarked
package dev.tidemark.autoconfigure.properties;

import org.jspecify.annotations.NullMarked;
