/**
 * Who orders, and where it is sent.
 */
@NullMarked
package dev.tidemark.sample.customer;

import org.jspecify.annotations.NullMarked;
