package dev.tidemark.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.backfill.BackfillFile;
import dev.tidemark.migration.backfill.UnusableOptionException;
import dev.tidemark.migration.backfill.VerifyCondition;
import dev.tidemark.migration.directive.DirectiveValue;

/**
 * A backfill in Java that is done at once, as in a schema that held nothing.
 *
 * @param backfill the backfill
 * @since 0.1.0
 */
public record BackfillInOnePiece(CodeBackfill backfill) implements CodeMigration {

	@Override
	public Identity identity() {
		return new Identity.Versioned(Objects.requireNonNull(this.backfill.version(), "version() returned null"));
	}

	@Override
	public String description() {
		return this.backfill.description();
	}

	@Override
	public @Nullable String checksum() {
		return this.backfill.checksum();
	}

	@Override
	public String script() {
		return this.backfill.script();
	}

	/**
	 * Return what is walked.
	 * @return the table and its keys, without statements
	 * @throws TidemarkException if these are no names, or the condition cannot be used
	 */
	public BackfillFile file() {
		List<Problem> problems = new ArrayList<>();
		List<String> table = new DirectiveValue(this.backfill.table()).name();
		if (table.isEmpty() || table.size() > 2) {
			problems.add(problem("table() returned '" + this.backfill.table() + "', which is no name of a table.",
					"Return the name as SQL has it, such as users or sales.\"Order\"."));
		}
		List<String> keys = new ArrayList<>();
		for (String key : this.backfill.keys()) {
			List<String> column = new DirectiveValue(key).name();
			if (column.size() != 1 || keys.contains(column.get(0))) {
				problems
					.add(problem("keys() returned '" + key + "', which is no name of a column, or the same one twice.",
							"Return each column of the key once, as SQL has it."));
			}
			else {
				keys.add(column.get(0));
			}
		}
		String verify = verify(problems);
		if (!problems.isEmpty()) {
			throw new TidemarkException(problems);
		}
		return new BackfillFile(table, keys, List.of(), verify, Map.of());
	}

	private @Nullable String verify(List<Problem> problems) {
		String verify = this.backfill.verify();
		try {
			return (verify != null) ? new VerifyCondition(verify).sql() : null;
		}
		catch (UnusableOptionException ex) {
			problems.add(problem(ex.what(), ex.remedy()));
			return null;
		}
	}

	private Problem problem(String what, String remedy) {
		return Problem.error(ErrorCode.BACKFILL_FILE, Place.file(script()), what, remedy);
	}

	@Override
	public void migrate(JdbcContext jdbc) throws Exception {
		this.backfill.run(new WholeTable(file(), jdbc), jdbc);
	}

}
