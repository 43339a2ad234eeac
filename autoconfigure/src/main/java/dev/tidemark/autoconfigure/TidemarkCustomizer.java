package dev.tidemark.autoconfigure;

import dev.tidemark.Tidemark;

/**
 * Changes the auto-configured {@link Tidemark} before it is built. Beans of this type are
 * applied in their order after all properties, so they have the last word.
 */
@FunctionalInterface
public interface TidemarkCustomizer {

	/**
	 * Changes settings.
	 * @param builder the builder with everything that properties say
	 */
	void customize(Tidemark.Builder builder);

}
