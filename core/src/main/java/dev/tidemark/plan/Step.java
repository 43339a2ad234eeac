package dev.tidemark.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import dev.tidemark.source.Migration;
import dev.tidemark.source.Script;
import dev.tidemark.sql.SqlStatement;
import dev.tidemark.sql.TransactionUse;

/**
 * A migration that will run, cut into the parts that are committed together. One
 * {@linkplain #isAtomic() atomic} segment is the rule: it commits with its history row.
 *
 * @param migration the migration
 * @param segments its parts in order, at least one
 */
public record Step(Migration migration, List<Segment> segments) {

	private static final Pattern PLAIN_BEGIN = Pattern
		.compile("(?is)(BEGIN|START\\s+TRANSACTION)(\\s+(WORK|TRANSACTION))?");

	private static final Pattern PLAIN_COMMIT = Pattern.compile("(?is)(COMMIT|END)(\\s+(WORK|TRANSACTION))?");

	/** Copies the list. */
	public Step {
		segments = List.copyOf(segments);
	}

	static Step of(Migration migration, Script script) {
		List<SqlStatement> statements = withoutOuterTransaction(script.statements());
		if (statements.stream().anyMatch((statement) -> statement.transactionUse() == TransactionUse.CONTROL)
				|| !script.directives().transaction()) {
			return new Step(migration, statements.stream().<Segment>map(Segment.Alone::new).toList());
		}
		return new Step(migration, segments(statements));
	}

	/** A file within one BEGIN and COMMIT is what every other file is without them. */
	private static List<SqlStatement> withoutOuterTransaction(List<SqlStatement> statements) {
		int last = statements.size() - 1;
		boolean wrapped = last > 0 && PLAIN_BEGIN.matcher(statements.get(0).text()).matches()
				&& PLAIN_COMMIT.matcher(statements.get(last).text()).matches()
				&& statements.subList(1, last)
					.stream()
					.allMatch((statement) -> statement.transactionUse() == TransactionUse.ALLOWED);
		return wrapped ? statements.subList(1, last) : statements;
	}

	private static List<Segment> segments(List<SqlStatement> statements) {
		List<Segment> segments = new ArrayList<>();
		List<SqlStatement> together = new ArrayList<>();
		for (SqlStatement statement : statements) {
			if (statement.transactionUse() == TransactionUse.ALLOWED) {
				together.add(statement);
				continue;
			}
			if (!together.isEmpty()) {
				segments.add(new Segment.Transaction(together));
				together.clear();
			}
			segments.add(new Segment.Alone(statement));
		}
		if (!together.isEmpty() || segments.isEmpty()) {
			segments.add(new Segment.Transaction(together));
		}
		return segments;
	}

	/**
	 * Tells whether the whole migration and its history row are one transaction.
	 * @return {@code false} if progress is committed in between
	 */
	public boolean isAtomic() {
		return this.segments.size() == 1 && this.segments.get(0) instanceof Segment.Transaction;
	}

	/**
	 * Returns how many statements will run.
	 * @return the number
	 */
	public int statementCount() {
		return this.segments.stream()
			.mapToInt((segment) -> (segment instanceof Segment.Transaction transaction)
					? transaction.statements().size() : 1)
			.sum();
	}

}
