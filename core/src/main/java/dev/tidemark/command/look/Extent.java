package dev.tidemark.command.look;

import java.util.List;
import java.util.stream.Stream;

import dev.tidemark.history.History;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.migration.Identity;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.inspect.Group;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.run.inspect.Page;

/**
 * Of which runs a look reads all that the history says. What decides about states is read
 * of every run anyway.
 */
sealed interface Extent {

	/** Returns what a request is about. */
	static Extent of(InspectRequest request) {
		if (request.migration() != null) {
			return new One(request.migration());
		}
		return (request.page() != null) ? new Newest(request.page()) : new Everything();
	}

	/** Returns the ranks of the runs. */
	List<Integer> ranks(History history, List<MigrationInfo> migrations);

	/** Every run. */
	record Everything() implements Extent {

		@Override
		public List<Integer> ranks(History history, List<MigrationInfo> migrations) {
			return history.entries().stream().map(HistoryEntry::rank).toList();
		}

	}

	/**
	 * The last runs of one page of what may be much, and of all that is left to do.
	 *
	 * @param page the page
	 */
	record Newest(Page page) implements Extent {

		@Override
		public List<Integer> ranks(History history, List<MigrationInfo> migrations) {
			Stream<MigrationInfo> shown = Stream.of(Group.APPLIED, Group.PASSED_OVER, Group.DEVIATING)
				.flatMap((group) -> this.page.of(migrations, group).stream());
			return Stream.concat(unsettled(migrations), shown).flatMap(Extent::rank).distinct().toList();
		}

	}

	/**
	 * All runs of one migration.
	 *
	 * @param migration the migration
	 */
	record One(Identity migration) implements Extent {

		@Override
		public List<Integer> ranks(History history, List<MigrationInfo> migrations) {
			Stream<Integer> own = history.entries()
				.stream()
				.filter((run) -> run.identity().equals(this.migration))
				.map(HistoryEntry::rank);
			return Stream.concat(unsettled(migrations).flatMap(Extent::rank), own).distinct().toList();
		}

	}

	/** Problems tell why the last run of these did not come to its end. */
	private static Stream<MigrationInfo> unsettled(List<MigrationInfo> migrations) {
		return migrations.stream().filter((migration) -> switch (migration.state()) {
			case PENDING, RUNNING, FAILED, INTERRUPTED -> true;
			case APPLIED, UNDONE, BASELINE, ADOPTED, WAITING, OUT_OF_ORDER, CHANGED, MISSING, AHEAD, SUPERSEDED,
					SKIPPED, UNKNOWN ->
				false;
		});
	}

	private static Stream<Integer> rank(MigrationInfo migration) {
		return Stream.ofNullable(migration.rank());
	}

}
