/**
 * How a start ends: exit codes and the failures that lead to them.
 */
@NullMarked
package dev.tidemark.autoconfigure.exit;

import org.jspecify.annotations.NullMarked;
