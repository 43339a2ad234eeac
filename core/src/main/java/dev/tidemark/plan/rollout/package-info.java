/**
 * What the phases after the start wait for, and what may not come before them.
 */
@NullMarked
package dev.tidemark.plan.rollout;

import org.jspecify.annotations.NullMarked;
