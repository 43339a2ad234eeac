/**
 * What a script changes of its session.
 */
@NullMarked
package dev.tidemark.session.script;

import org.jspecify.annotations.NullMarked;
