package dev.tidemark.migration.placeholder;

/**
 * Whether and where the placeholders of a file are replaced. Comments are never touched.
 *
 * @since 0.1.0
 */
public enum PlaceholderReplacement {

	/**
	 * As {@link #ON} once a placeholder is declared. Before that, text in quotes that
	 * looks like one is text, and only the built-in ones are replaced there.
	 */
	AUTO,

	/** Nowhere. */
	OFF,

	/** Everywhere but in dollar-quoted strings, such as the bodies of functions. */
	ON,

	/** In dollar-quoted strings too. */
	EVERYWHERE

}
