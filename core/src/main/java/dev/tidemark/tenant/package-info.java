/**
 * One schema for each tenant: runs and looks at all of them.
 */
@NullMarked
package dev.tidemark.tenant;

import org.jspecify.annotations.NullMarked;
