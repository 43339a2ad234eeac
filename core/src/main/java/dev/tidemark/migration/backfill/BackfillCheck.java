package dev.tidemark.migration.backfill;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.Rows;
import dev.tidemark.statement.Statement;
import dev.tidemark.statement.Unknown;
import dev.tidemark.statement.parse.Statements;

/** Finds all that keeps a file from being a backfill; used once. */
final class BackfillCheck {

	private final String script;

	private final BackfillDirectives directives;

	private final List<Problem> problems = new ArrayList<>();

	BackfillCheck(String script, BackfillDirectives directives) {
		this.script = script;
		this.directives = directives;
	}

	BackfillFile check(List<SqlStatement> statements, List<BatchText.Marks> marks) {
		if (this.directives.table().isEmpty()) {
			add(Place.file(this.script), "The file is a backfill, and does not say which table it walks.",
					"Write at its head, as in: -- tidemark: batch table=users by=id");
		}
		if (statements.isEmpty()) {
			add(Place.file(this.script), "The file is a backfill, and has no statement.",
					"Write what is to be done to each batch, as in UPDATE users SET email_new = lower(email) WHERE"
							+ " {batch};");
		}
		List<BatchStatement> checked = new ArrayList<>();
		for (int i = 0; i < statements.size(); i++) {
			check(statements.get(i), marks.get(i));
			checked.add(new BatchStatement(statements.get(i), marks.get(i).marks()));
		}
		if (!this.problems.isEmpty()) {
			throw new TidemarkException(this.problems);
		}
		return new BackfillFile(this.directives.table(), this.directives.keys(), checked, this.directives.verify(),
				this.directives.options());
	}

	private void check(SqlStatement statement, BatchText.Marks marks) {
		Statement meaning = Statements.of(statement);
		String refusal = refusal(statement, meaning);
		if (refusal != null) {
			add(place(statement), refusal,
					"Put it into a file of its own that runs before the application, or leave it away: a batch has UPDATE,"
							+ " DELETE, MERGE and INSERT ... SELECT, and WITH before them.");
		}
		else if (!marks.faults().isEmpty()) {
			add(place(statement), marks.faults().get(0),
					"Write it as a condition that all rows satisfy, as in WHERE {batch} AND (...), and as {batch:u} where"
							+ " the table has the alias u.");
		}
		else if (marks.marks().isEmpty()) {
			add(place(statement), "The statement has no {batch}, so each batch would do all of it again.",
					"Put {batch} into its WHERE, as in WHERE {batch} AND email_new IS NULL; into that of the SELECT of an"
							+ " INSERT.");
		}
		else if (meaning instanceof Rows rows) {
			KeyChange keyChange = new KeyChange(this.directives.table(), this.directives.keys());
			if (keyChange.isIn(rows)) {
				add(place(statement), KeyChange.WHAT, KeyChange.REMEDY);
			}
		}
	}

	private static @Nullable String refusal(SqlStatement statement, Statement meaning) {
		if (meaning instanceof Unknown) {
			return "Nothing tells what the statement does, so it cannot run in a batch.";
		}
		if (!(meaning instanceof Rows rows)) {
			return statement.command() + " cannot run in a batch.";
		}
		if (!rows.settings().isEmpty()) {
			return "The statement sets a parameter of the session, which batches share.";
		}
		return rows.changes().isEmpty() ? "The statement changes no rows, so a batch has no use for it." : null;
	}

	private Place place(SqlStatement statement) {
		return new Place(this.script, statement.number(), statement.line(), statement.column(), statement.excerpt());
	}

	private void add(Place place, String what, String remedy) {
		this.problems.add(Problem.error(ErrorCode.BACKFILL_FILE, place, what, remedy));
	}

}
