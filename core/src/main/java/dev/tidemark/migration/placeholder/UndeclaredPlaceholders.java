package dev.tidemark.migration.placeholder;

/**
 * What happens to a placeholder that is neither declared nor built in, and brings no
 * default.
 *
 * @since 0.1.0
 */
public enum UndeclaredPlaceholders {

	/** The run is refused before anything is changed. */
	FAIL,

	/** It stays in the text as it is. */
	KEEP

}
