package dev.tidemark.rollout.batch;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.catalogue.batch.KeyRange;
import dev.tidemark.catalogue.batch.KeyWalk;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.JdbcContext;
import dev.tidemark.migration.KeysOfBatch;

/**
 * The rows of a batch, as code sees them.
 */
final class RangeKeys implements KeysOfBatch {

	private final KeyRange range;

	private final JdbcContext jdbc;

	private @Nullable List<List<Object>> keys;

	/**
	 * Makes the rows of a batch.
	 * @param range the keys
	 * @param jdbc reads single ones
	 */
	RangeKeys(KeyRange range, JdbcContext jdbc) {
		this.range = range;
		this.jdbc = jdbc;
	}

	@Override
	public String condition() {
		return this.range.condition(null);
	}

	@Override
	public String condition(String alias) {
		return this.range.condition(alias);
	}

	@Override
	public List<List<Object>> keys() {
		List<List<Object>> known = this.keys;
		if (known == null) {
			known = read();
			this.keys = known;
		}
		return known;
	}

	private List<List<Object>> read() {
		if (this.range.table().isByBlocks()) {
			throw new TidemarkException(Problem.error(ErrorCode.BACKFILL_TABLE, null,
					"The code asks for single keys, and the table " + this.range.table().name()
							+ " has no key that it could be walked by.",
					"Let keys() name the columns of a unique key, or work with condition()."));
		}
		return this.jdbc.operations()
			.queryForList(KeyWalk.keys(this.range))
			.stream()
			.map((row) -> List.copyOf(row.values()))
			.toList();
	}

}
