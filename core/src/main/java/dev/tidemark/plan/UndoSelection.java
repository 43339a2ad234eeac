package dev.tidemark.plan;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.MigrationVersion;

/**
 * Which migrations to undo. Whatever is selected is undone in the reverse order in which
 * it was applied. Repeatables are never undone.
 *
 * @since 0.1.0
 */
public sealed interface UndoSelection {

	/**
	 * Reads what a person typed into properties or a request. These may come again, as
	 * when a process is started again, so a selection is required that undoes nothing the
	 * second time.
	 * @param to the version that stays as the newest one, or {@code null}
	 * @param count how many migrations, together with {@code from}, or {@code null}
	 * @param from the version that was applied last, or {@code null}
	 * @param deployment the deployment id of what is undone, or {@code null}
	 * @return the selection
	 * @throws IllegalArgumentException if it is not exactly one of the three
	 */
	static UndoSelection of(@Nullable MigrationVersion to, @Nullable Integer count, @Nullable MigrationVersion from,
			@Nullable String deployment) {
		if (to != null && count == null && from == null && deployment == null) {
			return to(to);
		}
		if (deployment != null && to == null && count == null && from == null) {
			return deployment(deployment);
		}
		if (from != null && to == null && deployment == null) {
			return last((count != null) ? count : 1, from);
		}
		throw new IllegalArgumentException(unclear(to, count, from, deployment)
				+ ". Exactly one is needed: 'to', the version that shall stay as the newest one;"
				+ " 'from', the version that was applied last, with 'count' if more than that one is to be undone;"
				+ " or 'deployment', the id of the run that applied what is to be undone");
	}

	private static String unclear(@Nullable MigrationVersion to, @Nullable Integer count,
			@Nullable MigrationVersion from, @Nullable String deployment) {
		List<String> said = Stream
			.of((to != null) ? "'to'" : "", (from != null) ? "'from'" : "", (deployment != null) ? "'deployment'" : "")
			.filter((name) -> !name.isEmpty())
			.toList();
		if (said.size() > 1) {
			return "What to undo is said more than once, by " + String.join(" and by ", said);
		}
		return (count != null) ? "How many to undo is said by 'count', but not from which one on, which takes 'from'"
				: "It is not said what to undo";
	}

	/**
	 * Selects the migration that was applied last. Asked for twice, it undoes two.
	 * @return the selection
	 */
	static UndoSelection last() {
		return new Last(1, null);
	}

	/**
	 * Selects the migrations that were applied last. Asked for twice, it undoes twice as
	 * many.
	 * @param count how many, from 1
	 * @return the selection
	 */
	static UndoSelection last(int count) {
		return new Last(count, null);
	}

	/**
	 * Selects the migrations that were applied last, as long as a certain one is the very
	 * last. Asked for twice, it undoes nothing the second time.
	 * @param count how many, from 1
	 * @param from the version that was applied last; if it was another one, nothing is
	 * undone
	 * @return the selection
	 */
	static UndoSelection last(int count, MigrationVersion from) {
		return new Last(count, from);
	}

	/**
	 * Selects everything above a version.
	 * @param version the version that stays as the newest one; 0 if none shall stay
	 * @return the selection
	 */
	static UndoSelection to(MigrationVersion version) {
		return new To(version);
	}

	/**
	 * Selects what one run has applied.
	 * @param id the deployment id of its history rows
	 * @return the selection
	 */
	static UndoSelection deployment(String id) {
		return new Deployment(id);
	}

	/**
	 * Selects versions, and everything that was applied after the first of them.
	 * @param versions the versions
	 * @return the selection
	 */
	static UndoSelection since(Set<MigrationVersion> versions) {
		return new Since(versions);
	}

	/**
	 * The migrations that were applied last.
	 *
	 * @param count how many
	 * @param from which one has to be the very last, or {@code null} for any
	 * @since 0.1.0
	 */
	record Last(int count, @Nullable MigrationVersion from) implements UndoSelection {

		/**
		 * Checks the number.
		 * @throws IllegalArgumentException if it is less than 1
		 */
		public Last {
			if (count < 1) {
				throw new IllegalArgumentException("'count' must be 1 or more");
			}
		}

	}

	/**
	 * Everything above a version.
	 *
	 * @param version the version that stays
	 * @since 0.1.0
	 */
	record To(MigrationVersion version) implements UndoSelection {
	}

	/**
	 * What one run has applied.
	 *
	 * @param id the deployment id of its history rows
	 * @since 0.1.0
	 */
	record Deployment(String id) implements UndoSelection {
	}

	/**
	 * Versions, and everything that was applied after the first of them.
	 *
	 * @param versions the versions
	 * @since 0.1.0
	 */
	record Since(Set<MigrationVersion> versions) implements UndoSelection {

		/** Copies the set. */
		public Since {
			versions = Set.copyOf(versions);
		}

	}

}
