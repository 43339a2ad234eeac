package dev.tidemark.plan.step;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.history.Basis;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.migration.CodeMigration;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.Script;
import dev.tidemark.migration.UsedPlaceholders;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.TransactionControl;
import dev.tidemark.statement.TransactionControl.Action;
import dev.tidemark.statement.TransactionUse;
import dev.tidemark.statement.parse.Statements;

/**
 * A migration that will run, cut into the parts that are committed together. One
 * {@linkplain #isAtomic() atomic} segment is the rule: it commits with its history row.
 *
 * @param migration the migration
 * @param done the statements that an earlier run has done for good
 * @param segments the parts that are left, in order; at least one unless all is done
 * @param resumed the earlier run that this one continues, or {@code null}
 * @param basis what the history has to know of the run besides its text
 * @param placeholders the placeholders that its file uses, or {@code null} for code
 * @param lockTimeout how long its statements may wait for a lock by what its file says,
 * or {@code null} if that says nothing
 * @since 0.1.0
 */
public record Step(Migration migration, List<SqlStatement> done, List<Segment> segments, @Nullable HistoryEntry resumed,
		Basis basis, @Nullable UsedPlaceholders placeholders, @Nullable Duration lockTimeout) {

	/**
	 * Commands that need a transaction around them, and say so if there is none. To hold
	 * a lock for one statement would be of no use.
	 */
	private static final Set<String> NEED_TRANSACTION = Set.of("DECLARE", "LOCK", "RELEASE", "ROLLBACK", "SAVEPOINT",
			"SET CONSTRAINTS");

	/** Copies the lists. */
	public Step {
		done = List.copyOf(done);
		segments = List.copyOf(segments);
	}

	public static Step of(Migration migration, Script script, Basis basis) {
		return new Step(migration, List.of(), segments(script), null, basis, script.placeholders(),
				script.directives().lockTimeout());
	}

	public static Step of(Migration migration, CodeMigration code, Basis basis) {
		return new Step(migration, List.of(), List.of(new Segment.Code(code)), null, basis, null, null);
	}

	/** Cuts a script as the run did that is to be continued. */
	public static Step again(Migration migration, Script script, Basis basis, HistoryEntry entry) {
		Step step = of(migration, script, basis);
		return entry.ranAlone() ? step.withoutTransactions() : step;
	}

	/** Leaves out what an earlier run has done. */
	public Step resume(HistoryEntry entry) {
		List<SqlStatement> done = statements().subList(0, entry.statementsDone());
		List<Segment> left = new ArrayList<>();
		int passed = 0;
		for (Segment segment : this.segments) {
			List<SqlStatement> statements = segment.statements();
			int skip = Math.min(statements.size(), Math.max(0, done.size() - passed));
			passed += statements.size();
			if (skip == 0) {
				left.add(segment);
			}
			else if (skip < statements.size()) {
				left.addAll(rest(segment, statements.subList(skip, statements.size()), entry));
			}
		}
		if (entry.ranAlone() && entry.session() == null && !left.isEmpty() && left.get(0).statements().size() == 1) {
			// An earlier version recorded such a statement after its commit.
			left.set(0, new Segment.Alone(left.get(0).statements().get(0)));
		}
		return new Step(this.migration, done, left, entry, this.basis, this.placeholders, this.lockTimeout);
	}

	/**
	 * What is done in part was cut by what the catalogue told, or was edited since. An
	 * earlier version did so only where a procedure ended transactions itself, and did
	 * not record that at once.
	 */
	private static List<Segment> rest(Segment segment, List<SqlStatement> rest, HistoryEntry entry) {
		if (entry.session() == null) {
			return apart(rest);
		}
		return List.of(new Segment.Transaction(rest, segment.ofFile()));
	}

	/**
	 * Cuts a script into the parts that are committed together.
	 * @param script the script
	 * @return the parts, at least one
	 */
	public static List<Segment> segments(Script script) {
		List<SqlStatement> statements = script.statements();
		if (!script.directives().transaction()) {
			return alone(statements);
		}
		List<Segment> segments = new ArrayList<>();
		List<SqlStatement> together = new ArrayList<>();
		boolean begun = false;
		for (SqlStatement statement : statements) {
			switch (Statements.of(statement).transactionUse()) {
				case ALLOWED -> together.add(statement);
				case FORBIDDEN -> {
					if (begun) {
						return alone(statements);
					}
					flush(together, segments, false);
					segments.add(new Segment.Alone(statement));
				}
				case CONTROL -> {
					// A plain BEGIN and COMMIT, or a COMMIT alone, say where segments
					// end.
					boolean begin = isPlain(statement, Action.BEGIN);
					if (begin ? begun : !isPlain(statement, Action.COMMIT)) {
						return alone(statements);
					}
					flush(together, segments, begun);
					begun = begin;
				}
			}
		}
		if (begun) {
			return alone(statements);
		}
		flush(together, segments, false);
		return segments.isEmpty() ? List.of(new Segment.Transaction(List.of())) : segments;
	}

	private static boolean isPlain(SqlStatement statement, Action action) {
		return Statements.of(statement) instanceof TransactionControl control && control.action() == action
				&& control.plain();
	}

	private static List<Segment> alone(List<SqlStatement> statements) {
		return statements.isEmpty() ? List.of(new Segment.Transaction(List.of()))
				: statements.stream().<Segment>map(Segment.Alone::new).toList();
	}

	/**
	 * Cuts statements among which a procedure ends transactions: each is committed by
	 * itself, and but for those that cannot, or may commit something themselves, together
	 * with the progress that it makes.
	 * @param statements the statements
	 * @return the parts
	 */
	public static List<Segment> apart(List<SqlStatement> statements) {
		return statements.stream().map(Step::apart).toList();
	}

	private static Segment apart(SqlStatement statement) {
		boolean plain = Statements.of(statement).transactionUse() == TransactionUse.ALLOWED && !mayCommit(statement)
				&& !NEED_TRANSACTION.contains(statement.command());
		return plain ? new Segment.Transaction(List.of(statement)) : new Segment.Alone(statement);
	}

	/**
	 * Tells whether a statement may end transactions itself.
	 * @param statement the statement
	 * @return {@code true} if it calls a procedure or is a block
	 */
	public static boolean mayCommit(SqlStatement statement) {
		return statement.command().equals("CALL") || statement.command().equals("DO");
	}

	private static void flush(List<SqlStatement> together, List<Segment> segments, boolean ofFile) {
		if (!together.isEmpty()) {
			segments.add(new Segment.Transaction(together, ofFile));
			together.clear();
		}
	}

	/**
	 * Returns the same migration with some statements by themselves, which the server
	 * refuses in a transaction. Out of a transaction that the file itself begins none is
	 * taken.
	 * @param refused the statements, none of which ends a transaction
	 * @return the step, the same one if there is nothing to take out
	 */
	public Step withAlone(Set<SqlStatement> refused) {
		List<Segment> cut = this.segments.stream().flatMap((segment) -> segment.withAlone(refused).stream()).toList();
		return cut.equals(this.segments) ? this : new Step(this.migration, this.done, cut, this.resumed, this.basis,
				this.placeholders, this.lockTimeout);
	}

	/**
	 * Returns the same migration with every statement by itself, as a procedure that ends
	 * transactions needs it.
	 * @return the step
	 */
	public Step withoutTransactions() {
		return new Step(this.migration, this.done,
				apart(this.segments.stream().flatMap((segment) -> segment.statements().stream()).toList()),
				this.resumed, this.basis, this.placeholders, this.lockTimeout);
	}

	/**
	 * Returns what the history has to know of the run when it has come so far.
	 * @param begun how many statements were begun
	 * @return the basis, with the values of the placeholders in these statements only
	 */
	public Basis basis(int begun) {
		return basis(next(begun));
	}

	/**
	 * Returns what the history has to know of the run when it has come so far.
	 * @param next the first statement that was not begun, or {@code null} if all were
	 * @return the basis, with the values of the placeholders before this statement only
	 */
	public Basis basis(@Nullable SqlStatement next) {
		UsedPlaceholders used = used(next);
		return (used != null)
				? new Basis(this.basis.dependsOn(), used.remember(Stream.ofNullable(this.basis.values()).toList()))
				: this.basis;
	}

	@Nullable UsedPlaceholders used(int begun) {
		return used(next(begun));
	}

	/**
	 * Of a repeatable all count from the start: a person may say later that what is half
	 * done is the whole, and then any change is one.
	 */
	private @Nullable UsedPlaceholders used(@Nullable SqlStatement next) {
		boolean all = this.migration.identity().isRepeatable();
		return (this.placeholders == null || all || next == null) ? this.placeholders : this.placeholders.before(next);
	}

	private @Nullable SqlStatement next(int begun) {
		List<SqlStatement> statements = statements();
		return (begun < statements.size()) ? statements.get(begun) : null;
	}

	/**
	 * Tells whether the step takes a migration back.
	 * @return {@code true} if its file is an undo file
	 */
	public boolean isUndo() {
		return this.migration.isUndo();
	}

	/**
	 * Tells whether the whole migration and its history row are one transaction.
	 * @return {@code false} if progress is committed in between
	 */
	public boolean isAtomic() {
		return this.resumed == null && this.segments.size() == 1 && this.segments.get(0).isInTransaction();
	}

	/**
	 * Returns all statements of the migration that count: those of the file without the
	 * {@code BEGIN} and {@code COMMIT} that only part its segments.
	 * @return the statements, done or not
	 */
	public List<SqlStatement> statements() {
		List<SqlStatement> statements = new ArrayList<>(this.done);
		this.segments.forEach((segment) -> statements.addAll(segment.statements()));
		return statements;
	}

	/**
	 * Returns how many statements the migration has. Code counts as one.
	 * @return the number, those that are done included
	 */
	public int statementCount() {
		return this.done.size() + this.segments.stream().mapToInt(Segment::statementCount).sum();
	}

}
