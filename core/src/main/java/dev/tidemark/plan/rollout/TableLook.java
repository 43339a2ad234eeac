package dev.tidemark.plan.rollout;

import java.util.Map;
import java.util.Set;

import dev.tidemark.sql.QualifiedName;

/**
 * Strategy interface for what the live database has of names that stand in files. Nobody
 * is asked where no backfill and no contract has yet to run.
 *
 * @since 0.1.0
 */
public interface TableLook {

	/** Where nobody can be asked. */
	TableLook NONE = new TableLook() {

		@Override
		public boolean isKnown() {
			return false;
		}

		@Override
		public Map<QualifiedName, FoundTable> find(Set<QualifiedName> names) {
			return Map.of();
		}

		@Override
		public Set<String> findFilled(Set<String> schemas) {
			return Set.of();
		}

	};

	/**
	 * Return whether somebody can be asked.
	 * @return {@code false} if what is not found may be there all the same
	 */
	default boolean isKnown() {
		return true;
	}

	/**
	 * Find tables, views and sequences.
	 * @param names the names; one without a schema is looked for as migrations would
	 * @return those that there are
	 */
	Map<QualifiedName, FoundTable> find(Set<QualifiedName> names);

	/**
	 * Find schemas that hold something and that no migration of this history fills.
	 * @param schemas the names
	 * @return those that there are
	 */
	Set<String> findFilled(Set<String> schemas);

}
