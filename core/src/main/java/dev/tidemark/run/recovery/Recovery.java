package dev.tidemark.run.recovery;

import java.sql.Connection;
import java.sql.SQLException;

import dev.tidemark.catalogue.Catalogue;
import dev.tidemark.run.recovery.Verdict.Done;
import dev.tidemark.run.recovery.Verdict.NotDone;
import dev.tidemark.run.recovery.Verdict.Undecided;
import dev.tidemark.sql.Identifiers;
import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.AlterDatabase;
import dev.tidemark.statement.AlterSubscription;
import dev.tidemark.statement.AlterSystem;
import dev.tidemark.statement.AlterTable;
import dev.tidemark.statement.AlterType;
import dev.tidemark.statement.Analyze;
import dev.tidemark.statement.Checkpoint;
import dev.tidemark.statement.Cluster;
import dev.tidemark.statement.CreateDatabase;
import dev.tidemark.statement.CreateIndex;
import dev.tidemark.statement.CreateSubscription;
import dev.tidemark.statement.CreateTablespace;
import dev.tidemark.statement.Discard;
import dev.tidemark.statement.Drop;
import dev.tidemark.statement.FinishPrepared;
import dev.tidemark.statement.RefreshMaterializedView;
import dev.tidemark.statement.Reindex;
import dev.tidemark.statement.Statement;
import dev.tidemark.statement.StatementVisitor;
import dev.tidemark.statement.TableAction;
import dev.tidemark.statement.TableActionVisitor;
import dev.tidemark.statement.TypeAction;
import dev.tidemark.statement.Vacuum;
import dev.tidemark.statement.WaitFor;
import dev.tidemark.statement.parse.Statements;

/**
 * Finds out from the catalogue what became of the statement that a dead run was at. It
 * changes nothing, so it may be asked as often as one likes.
 *
 * @since 0.1.0
 */
public final class Recovery implements StatementVisitor<Recovery.Examination> {

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
			return Statements.of(statement).accept(new Recovery(catalogue)).examine();
		}
	}

	@Override
	public Examination other(Statement statement) {
		return Recovery::unknown;
	}

	@Override
	public Examination visit(CreateIndex statement) {
		return () -> new CreateIndexRecovery(this.catalogue, statement).examine();
	}

	@Override
	public Examination visit(Drop statement) {
		return switch (statement.kind()) {
			case INDEX -> () -> new DropIndexRecovery(this.catalogue, statement).examine();
			case DATABASE -> () -> new ClusterRecovery(this.catalogue).ofDroppedDatabase(name(statement));
			case TABLESPACE -> () -> new ClusterRecovery(this.catalogue).ofDroppedTablespace(name(statement));
			case SUBSCRIPTION -> () -> subscription(Action.DROP, name(statement));
			default -> other(statement);
		};
	}

	private static String name(Drop statement) {
		return statement.names().get(0).name().name();
	}

	@Override
	public Examination visit(Reindex statement) {
		return () -> new ReindexRecovery(this.catalogue, statement).examine();
	}

	@Override
	public Examination visit(AlterTable statement) {
		TableAction first = statement.actions().get(0);
		return first.accept(new TableActionVisitor<>() {

			@Override
			public Examination other(TableAction action) {
				return Recovery.this.other(statement);
			}

			@Override
			public Examination visit(TableAction.DetachPartition action) {
				return () -> new PartitionRecovery(Recovery.this.catalogue, statement.name(), action.partition())
					.examine();
			}

		});
	}

	@Override
	public Examination visit(AlterType statement) {
		return (statement.actions().get(0) instanceof TypeAction.AddValue added)
				? () -> addEnumValue(statement.name(), added.value()) : other(statement);
	}

	@Override
	public Examination visit(CreateDatabase statement) {
		return () -> new ClusterRecovery(this.catalogue).examine(statement);
	}

	@Override
	public Examination visit(AlterDatabase statement) {
		return (statement.tablespace() != null) ? () -> new ClusterRecovery(this.catalogue).examine(statement)
				: other(statement);
	}

	@Override
	public Examination visit(CreateTablespace statement) {
		return () -> new ClusterRecovery(this.catalogue).examine(statement);
	}

	@Override
	public Examination visit(FinishPrepared statement) {
		return () -> finishPrepared(statement);
	}

	@Override
	public Examination visit(CreateSubscription statement) {
		return () -> subscription(Action.CREATE, statement.name());
	}

	@Override
	public Examination visit(AlterSubscription statement) {
		Action action = switch (statement.action()) {
			case REFRESH, SET -> Action.REPEATABLE;
			case ADD, CONNECTION, DISABLE, DROP, ENABLE, SKIP -> Action.OTHER;
		};
		return () -> subscription(action, statement.name());
	}

	@Override
	public Examination visit(AlterSystem statement) {
		return () -> new NotDone("ALTER SYSTEM writes the same setting again, however often it runs.");
	}

	@Override
	public Examination visit(Cluster statement) {
		return mayRunAgain(statement.repack() ? "REPACK" : "CLUSTER");
	}

	@Override
	public Examination visit(Vacuum statement) {
		return mayRunAgain("VACUUM");
	}

	@Override
	public Examination visit(Analyze statement) {
		return mayRunAgain("ANALYZE");
	}

	@Override
	public Examination visit(Checkpoint statement) {
		return mayRunAgain("CHECKPOINT");
	}

	@Override
	public Examination visit(Discard statement) {
		return mayRunAgain("DISCARD " + statement.what());
	}

	@Override
	public Examination visit(RefreshMaterializedView statement) {
		return mayRunAgain("REFRESH MATERIALIZED VIEW");
	}

	@Override
	public Examination visit(WaitFor statement) {
		return mayRunAgain("WAIT FOR");
	}

	private static Examination mayRunAgain(String command) {
		return () -> new NotDone(command + " may be run again at any time.");
	}

	private Verdict addEnumValue(QualifiedName name, String value) throws SQLException {
		Long type = this.catalogue.type(name);
		if (type == null) {
			return new NotDone("There is no type " + name + ".");
		}
		return this.catalogue.hasEnumValue(type, value)
				? new Done("The type " + name + " has the value '" + value + "'.")
				: new NotDone("The type " + name + " has no value '" + value + "'.");
	}

	/**
	 * That it is gone does not say who has ended it, and in which way: the statement may
	 * never have begun.
	 */
	private Verdict finishPrepared(FinishPrepared statement) throws SQLException {
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

	private Verdict subscription(Action action, String subscription) throws SQLException {
		boolean there = this.catalogue.hasSubscription(subscription);
		String name = Identifiers.quote(subscription);
		String seen = (there ? "There is a subscription " : "There is no subscription ") + name + ".";
		if ((action == Action.CREATE && there) || (action == Action.DROP && !there)) {
			return new Done(seen);
		}
		if (!there || action != Action.OTHER) {
			return new NotDone(seen);
		}
		return new Undecided(seen + " Whether the statement has changed it cannot be told.",
				"SELECT subname, subenabled, subslotname, subpublications FROM pg_catalog.pg_subscription WHERE subname = '"
						+ subscription.replace("'", "''") + "'; -- if it is as the statement would have it: "
						+ Undecided.GO_ON + "; else " + Undecided.RUN_AGAIN);
	}

	/** The catalogue does not know which rows a statement has written. */
	private static Verdict unknown() {
		return new Undecided("The catalogue does not tell whether the statement had its effect.",
				"-- if its whole effect is there: " + Undecided.GO_ON,
				"-- if nothing of it is there: " + Undecided.RUN_AGAIN,
				"-- if a part of it is there: undo that part, then " + Undecided.RUN_AGAIN);
	}

	/** What is done to a subscription. */
	private enum Action {

		CREATE, DROP, REPEATABLE, OTHER

	}

	/** A look into the catalogue. */
	@FunctionalInterface
	interface Examination {

		Verdict examine() throws SQLException;

	}

}
