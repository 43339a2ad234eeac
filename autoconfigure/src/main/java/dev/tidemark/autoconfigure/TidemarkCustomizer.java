package dev.tidemark.autoconfigure;

import dev.tidemark.Tidemark;

/**
 * Changes each auto-configured {@link Tidemark} before it is built. Beans of this type
 * are applied in their order after all properties, so they have the last word.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface TidemarkCustomizer {

	/**
	 * Changes settings.
	 * @param builder the builder with everything that properties say
	 */
	void customize(Tidemark.Builder builder);

	/**
	 * Changes settings of one of several databases.
	 * @param database the name of the database, as in
	 * {@code tidemark.databases.<name>.*}; {@code tidemark} for the one without a name
	 * @param builder the builder with everything that properties say
	 */
	default void customize(String database, Tidemark.Builder builder) {
		customize(builder);
	}

}
