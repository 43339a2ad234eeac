/**
 * What the settings allow a plan to do.
 */
@NullMarked
package dev.tidemark.plan.policy;

import org.jspecify.annotations.NullMarked;
