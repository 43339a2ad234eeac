package dev.tidemark.rollout.batch;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.catalogue.batch.KeyRange;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.history.backfill.RecordedBadRow;
import dev.tidemark.sql.script.SqlStatement;

/**
 * Says why a batch failed.
 *
 * @since 0.1.0
 */
public final class BatchProblems {

	private static final String NO_RIGHT = "42501";

	private static final String REMEDY = "Correct what the server names, then resume the backfill; it goes on behind the last batch.";

	private BatchProblems() {
	}

	/** Returns where a statement stands. */
	public static Place place(String script, SqlStatement statement) {
		return new Place(script, statement.number(), statement.line(), statement.column(), statement.excerpt());
	}

	/**
	 * Says that a batch failed for good.
	 * @param definition the backfill
	 * @param keys its keys
	 * @param single whether it has one key only
	 * @param attempts how often it was tried
	 * @param failure the last failure
	 * @return the problem, without what the database is like now
	 */
	public static Problem failed(BackfillDefinition definition, @Nullable KeyRange keys, boolean single, int attempts,
			BatchFailure failure) {
		Problem own = failure.problem();
		if (own != null) {
			return own;
		}
		ServerError server = failure.server();
		if (server != null && server.is(NO_RIGHT)) {
			return Problem
				.error(ErrorCode.BACKFILL_RIGHTS, failure.place(),
						"The role of backfill " + definition.version()
								+ " lacks a right, or row security would hide rows from it.",
						"Grant the right that the server names, or let the backfill run as a role with BYPASSRLS; then"
								+ " resume it.")
				.withServer(server);
		}
		return Problem
			.error(ErrorCode.BACKFILL_FAILED, failure.place(),
					"A batch of backfill " + definition.version() + " failed"
							+ ((attempts > 1) ? ", " + attempts + " times in a row" : "")
							+ ((keys != null) ? ": " + (single ? single(keys) : between(keys)) : "") + ".",
					REMEDY)
			.withServer(server);
	}

	/** Says that a batch has changed rows that are not of it. */
	static Problem outside(String script, KeyRange keys, long changed, long count) {
		return Problem.error(ErrorCode.BACKFILL_OUTSIDE, Place.file(script),
				"A statement changed " + changed + " rows of " + keys.table().name() + ", and the batch has " + count
						+ " (" + between(keys) + ").",
				"Put {batch} where it holds for each row that the statement changes; with a join, name the alias:"
						+ " {batch:u}.");
	}

	/** Says that rows of a batch have come to lie elsewhere. */
	static Problem moved(String script, KeyRange keys) {
		return Problem.error(ErrorCode.BACKFILL_OUTSIDE, Place.file(script),
				"The batch has moved rows of " + keys.table().name() + " to other keys or partitions (" + between(keys)
						+ "), where they would be met again, or never.",
				"Let nothing that runs in a batch, triggers and foreign keys neither, change "
						+ String.join(", ", keys.table().place().columns())
						+ "; walk the table by a key that stays, or make the change in a file that runs before the"
						+ " application.");
	}

	/**
	 * Returns what is kept of a row that is left out.
	 * @param keys the batch of this row alone
	 * @param failure why
	 */
	public static RecordedBadRow badRow(KeyRange keys, BatchFailure failure) {
		ServerError server = failure.server();
		return new RecordedBadRow(keys.upTo(), (server != null) ? server.sqlState() : "",
				(server != null) ? server.message() : String.valueOf(failure.getMessage()));
	}

	/** Returns the same in words. */
	public static String badRowInWords(KeyRange keys, RecordedBadRow bad) {
		return key(keys, bad.key()) + ": " + bad.message() + " (SQLSTATE " + bad.sqlState() + ")";
	}

	private static String single(KeyRange keys) {
		return keys.table().isByBlocks() ? between(keys) : "the row " + key(keys, keys.upTo());
	}

	/** Returns the keys of a batch in words. */
	static String between(KeyRange keys) {
		if (keys.table().isByBlocks()) {
			return keys.blocksInWords();
		}
		List<String> after = keys.after();
		String to = key(keys, keys.upTo());
		return (after != null) ? "the keys behind " + key(keys, after) + ", up to " + to : "the keys up to " + to;
	}

	/** Returns a key in words, such as {@code (id) = (5)}. */
	private static String key(KeyRange keys, List<String> values) {
		String names = String.join(", ", keys.table().keys().stream().map((column) -> column.name()).toList());
		return "(" + names + ") = (" + String.join(", ", values) + ")";
	}

}
