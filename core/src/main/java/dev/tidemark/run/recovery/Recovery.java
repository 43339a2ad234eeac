package dev.tidemark.run.recovery;

import java.sql.Connection;
import java.sql.SQLException;

import dev.tidemark.catalogue.Catalogue;
import dev.tidemark.run.recovery.Verdict.Done;
import dev.tidemark.run.recovery.Verdict.NotDone;
import dev.tidemark.run.recovery.Verdict.Undecided;
import dev.tidemark.sql.Identifiers;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.Statements;
import dev.tidemark.statement.Subject;
import dev.tidemark.statement.Subject.Subscription.Action;

/**
 * Finds out from the catalogue what became of the statement that a dead run was at. It
 * changes nothing, so it may be asked as often as one likes.
 *
 * @since 0.1.0
 */
public final class Recovery {

	private final Catalogue catalogue;

	private Recovery(Catalogue catalogue) {
		this.catalogue = catalogue;
	}

	/**
	 * Examines a statement that may have had no effect, its whole effect or a part of it.
	 * @param connection a connection in auto-commit mode with the search path that the
	 * statement ran with; no command of this instance may be running any more
	 * @param statement the statement
	 * @return what is to be done about it
	 * @throws SQLException if the catalogue could not be read, or a table not be locked
	 * as for reading within {@code lock_timeout}
	 */
	public static Verdict examine(Connection connection, SqlStatement statement) throws SQLException {
		try (Catalogue catalogue = Catalogue.open(connection)) {
			return new Recovery(catalogue).examine(Statements.of(statement).subject());
		}
	}

	private Verdict examine(Subject subject) throws SQLException {
		if (subject instanceof Subject.CreateIndex statement) {
			return new CreateIndexRecovery(this.catalogue, statement).examine();
		}
		if (subject instanceof Subject.DropIndex statement) {
			return new DropIndexRecovery(this.catalogue, statement).examine();
		}
		if (subject instanceof Subject.Reindex statement) {
			return new ReindexRecovery(this.catalogue, statement).examine();
		}
		if (subject instanceof Subject.DetachPartition statement) {
			return new PartitionRecovery(this.catalogue, statement).examine();
		}
		if (subject instanceof Subject.AddEnumValue statement) {
			return addEnumValue(statement);
		}
		if (subject instanceof Subject.CreateDatabase statement) {
			return new ClusterRecovery(this.catalogue).examine(statement);
		}
		if (subject instanceof Subject.DropDatabase statement) {
			return new ClusterRecovery(this.catalogue).examine(statement);
		}
		if (subject instanceof Subject.MoveDatabase statement) {
			return new ClusterRecovery(this.catalogue).examine(statement);
		}
		if (subject instanceof Subject.CreateTablespace statement) {
			return new ClusterRecovery(this.catalogue).examine(statement);
		}
		if (subject instanceof Subject.DropTablespace statement) {
			return new ClusterRecovery(this.catalogue).examine(statement);
		}
		if (subject instanceof Subject.FinishPrepared statement) {
			return finishPrepared(statement);
		}
		if (subject instanceof Subject.Subscription statement) {
			return subscription(statement);
		}
		if (subject instanceof Subject.AlterSystem) {
			return new NotDone("ALTER SYSTEM writes the same setting again, however often it runs.");
		}
		if (subject instanceof Subject.Cluster statement) {
			return mayRunAgain(statement.command());
		}
		if (subject instanceof Subject.Maintenance statement) {
			return mayRunAgain(statement.command());
		}
		if (subject instanceof Subject.Other) {
			return unknown();
		}
		throw new IllegalStateException("Unknown kind of subject: " + subject.getClass());
	}

	private static Verdict mayRunAgain(String command) {
		return new NotDone(command + " may be run again at any time.");
	}

	private Verdict addEnumValue(Subject.AddEnumValue statement) throws SQLException {
		Long type = this.catalogue.type(statement.type());
		if (type == null) {
			return new NotDone("There is no type " + statement.type() + ".");
		}
		return this.catalogue.hasEnumValue(type, statement.value())
				? new Done("The type " + statement.type() + " has the value '" + statement.value() + "'.")
				: new NotDone("The type " + statement.type() + " has no value '" + statement.value() + "'.");
	}

	/**
	 * That it is gone does not say who has ended it, and in which way: the statement may
	 * never have begun.
	 */
	private Verdict finishPrepared(Subject.FinishPrepared statement) throws SQLException {
		String name = "'" + statement.identifier() + "'";
		if (this.catalogue.hasPreparedTransaction(statement.identifier())) {
			return new NotDone("The transaction " + name + " is still prepared.");
		}
		String expected = statement.commit() ? "what the transaction did is there"
				: "nothing of the transaction is there";
		return new Undecided("There is no prepared transaction " + name
				+ " any more. Whether this statement has ended it, or somebody else in another way, cannot be told.",
				"-- if " + expected + ": " + Undecided.GO_ON,
				"-- if not: the statement cannot do it any more; undo the file by hand, and let it run from its beginning");
	}

	private Verdict subscription(Subject.Subscription statement) throws SQLException {
		boolean there = this.catalogue.hasSubscription(statement.name());
		String name = Identifiers.quote(statement.name());
		String seen = (there ? "There is a subscription " : "There is no subscription ") + name + ".";
		Action action = statement.action();
		if ((action == Action.CREATE && there) || (action == Action.DROP && !there)) {
			return new Done(seen);
		}
		if (!there || action != Action.OTHER) {
			return new NotDone(seen);
		}
		return new Undecided(seen + " Whether the statement has changed it cannot be told.",
				"SELECT subname, subenabled, subslotname, subpublications FROM pg_catalog.pg_subscription WHERE subname = '"
						+ statement.name().replace("'", "''") + "'; -- if it is as the statement would have it: "
						+ Undecided.GO_ON + "; else " + Undecided.RUN_AGAIN);
	}

	/** The catalogue does not know which rows a statement has written. */
	private static Verdict unknown() {
		return new Undecided("The catalogue does not tell whether the statement had its effect.",
				"-- if its whole effect is there: " + Undecided.GO_ON,
				"-- if nothing of it is there: " + Undecided.RUN_AGAIN,
				"-- if a part of it is there: undo that part, then " + Undecided.RUN_AGAIN);
	}

}
