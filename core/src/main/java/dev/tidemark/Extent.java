package dev.tidemark;

import java.util.List;
import java.util.stream.Stream;

import dev.tidemark.history.History;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.plan.PlanEntry;
import dev.tidemark.source.Identity;

/**
 * Of which runs a look reads all that the history says. What decides about states is read
 * of every run, and so are the runs of whatever is not in order.
 */
sealed interface Extent {

	/** Returns the ranks of the runs. */
	List<Integer> ranks(History history, List<PlanEntry> entries);

	/** Every run. */
	record Everything() implements Extent {

		@Override
		public List<Integer> ranks(History history, List<PlanEntry> entries) {
			return history.entries().stream().map(HistoryEntry::rank).toList();
		}

	}

	/**
	 * The last runs of one page of what is in the database.
	 *
	 * @param page the page
	 */
	record Newest(Page page) implements Extent {

		@Override
		public List<Integer> ranks(History history, List<PlanEntry> entries) {
			return Stream.concat(unusual(entries), this.page.of(entries).stream()).flatMap(Extent::rank).toList();
		}

	}

	/**
	 * All runs of one migration.
	 *
	 * @param migration the migration
	 */
	record One(Identity migration) implements Extent {

		@Override
		public List<Integer> ranks(History history, List<PlanEntry> entries) {
			Stream<Integer> own = history.entries()
				.stream()
				.filter((run) -> run.identity().equals(this.migration))
				.map(HistoryEntry::rank);
			return Stream.concat(unusual(entries).flatMap(Extent::rank), own).distinct().toList();
		}

	}

	private static Stream<PlanEntry> unusual(List<PlanEntry> entries) {
		return entries.stream().filter((entry) -> !entry.state().isDone());
	}

	private static Stream<Integer> rank(PlanEntry entry) {
		return Stream.ofNullable(entry.history()).map(HistoryEntry::rank);
	}

}
