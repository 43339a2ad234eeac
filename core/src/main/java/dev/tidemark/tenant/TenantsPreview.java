package dev.tidemark.tenant;

import java.util.List;

import dev.tidemark.run.preview.Preview;
import dev.tidemark.sql.PlainText;

/**
 * What a run would do now with many tenants. Looking changes nothing.
 *
 * @param tidemark the name of the {@code Tidemark} whose migrations these are
 * @param previews what would run in each tenant, or why nobody could look at it, in the
 * order in which the schemas were named; tenants that are up to date are left out
 * @since 0.1.0
 */
public record TenantsPreview(String tidemark, List<Preview> previews) {

	/** Copies the list. */
	public TenantsPreview {
		previews = List.copyOf(previews);
	}

	/**
	 * Return whether a run would be refused for a tenant.
	 * @return {@code true} if something stands in its way
	 */
	public boolean isBlocked() {
		return this.previews.stream().anyMatch(Preview::isBlocked);
	}

	/**
	 * Return whether a tenant is not yet as this build would leave it.
	 * @return {@code true} if something would run or be recorded, or runs just now
	 */
	public boolean isPending() {
		return this.previews.stream().anyMatch(Preview::isPending);
	}

	/** Returns what would run in words, fit for a line of a log. */
	@Override
	public String toString() {
		return PlainText.line("Plan of " + this.tidemark + ": " + this.previews.size() + " schemas to migrate");
	}

}
