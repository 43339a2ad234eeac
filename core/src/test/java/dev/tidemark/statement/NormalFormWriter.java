package dev.tidemark.statement;

import java.util.List;

/** Writes what our model says of a statement as {@link NormalForm}. */
final class NormalFormWriter extends DefinitionForms {

	@Override
	public NormalForm other(Statement statement) {
		throw new AssertionError(statement);
	}

	@Override
	public NormalForm visit(AlterPolicy statement) {
		return form("ALTER POLICY", statement.name() + " on " + NormalForm.name(statement.table()), "", "");
	}

	@Override
	public NormalForm visit(AlterPublication statement) {
		return form("ALTER PUBLICATION", statement.name(), statement.action(), flags(statement.objects()));
	}

	@Override
	public NormalForm visit(AlterSubscription statement) {
		return form("ALTER SUBSCRIPTION", statement.name(), statement.action(), "");
	}

	@Override
	public NormalForm visit(AlterExtension statement) {
		return form("ALTER EXTENSION", statement.name(), statement.action(), "");
	}

	@Override
	public NormalForm visit(AlterDatabase statement) {
		return form("ALTER DATABASE", "", "", "");
	}

	@Override
	public NormalForm visit(AlterTable statement) {
		return form("ALTER " + statement.kind().sql(), statement.name(),
				statement.actions().stream().map((action) -> action.accept(new ActionWords())).toList(),
				flags().add("only", statement.only()).add("ifExists", statement.ifExists()));
	}

	@Override
	public NormalForm visit(MoveRelations statement) {
		return form("ALTER " + statement.kind().sql() + " ALL", List.of(statement.from(), statement.to()), "",
				flags().add("owners", NormalForm.roles(statement.owners())).add("nowait", statement.nowait()));
	}

	@Override
	public NormalForm visit(AlterType statement) {
		return form("ALTER TYPE", statement.name(), statement.actions().stream().map(ActionWords::words).toList(), "");
	}

	@Override
	public NormalForm visit(AlterDomain statement) {
		return form("ALTER DOMAIN", statement.name(), ActionWords.words(statement.action()), "");
	}

	@Override
	public NormalForm visit(AlterSequence statement) {
		Persistence persistence = statement.options().persistence();
		return form("ALTER SEQUENCE", statement.name(),
				(persistence != null) ? "SetLogged:" + (persistence == Persistence.PERMANENT) : "",
				flags(flags().add("ifExists", statement.ifExists()), statement.options()));
	}

	@Override
	public NormalForm visit(AlterRoutine statement) {
		return form("ALTER " + statement.kind().sql(), statement.name(), "", flags(flags(), statement.options()));
	}

	@Override
	public NormalForm visit(AlterObject statement) {
		return form("ALTER " + statement.kind().sql(), objectName(statement.name()),
				ActionWords.words(statement.action()), flags().add("ifExists", statement.ifExists()));
	}

	@Override
	public NormalForm visit(AlterSystem statement) {
		return form("ALTER SYSTEM", (statement.parameter() != null) ? statement.parameter() : "", "",
				flags().add("reset", statement.reset()));
	}

	@Override
	public NormalForm visit(AlterDefaultPrivileges statement) {
		return form("ALTER DEFAULT PRIVILEGES", "", "", flags().add("grant", statement.grant()));
	}

	@Override
	public NormalForm visit(Comment statement) {
		return form("COMMENT", objectName(statement.name()), "", flags().add("on", statement.kind().sql()));
	}

	@Override
	public NormalForm visit(Drop statement) {
		return form("DROP " + statement.kind().sql(), statement.names(), "",
				flags().add("ifExists", statement.ifExists())
					.add("cascade", statement.cascade())
					.add("concurrently", statement.concurrently()));
	}

	@Override
	public NormalForm visit(DropOwned statement) {
		return form("DROP OWNED", statement.roles().stream().map(NormalForm::role).toList(), "",
				flags().add("cascade", statement.cascade()));
	}

	@Override
	public NormalForm visit(ReassignOwned statement) {
		return form("REASSIGN OWNED", statement.roles().stream().map(NormalForm::role).toList(), "",
				flags().add("owner", NormalForm.role(statement.owner())));
	}

	@Override
	public NormalForm visit(Grant statement) {
		boolean all = !statement.schemas().isEmpty();
		return form(statement.grant() ? "GRANT" : "REVOKE", all ? statement.schemas() : statement.objects(), "",
				flags().add("on", (all ? "ALL " : "") + statement.kind().sql())
					.add("roles", NormalForm.roles(statement.roles()))
					.add("cascade", statement.cascade()));
	}

	@Override
	public NormalForm visit(GrantRole statement) {
		return form(statement.grant() ? "GRANT ROLE" : "REVOKE ROLE",
				statement.granted().stream().map(NormalForm::role).toList(), "",
				flags().add("roles", NormalForm.roles(statement.members())));
	}

	@Override
	public NormalForm visit(Rows statement) {
		return form("ROWS", "", statement.changes().stream().map(ActionWords::words).sorted().toList(),
				flags().add("locksRows", statement.locksRows()));
	}

	@Override
	public NormalForm visit(Copy statement) {
		return form("COPY", NormalForm.name(statement.table()),
				(statement.query() != null) ? nested(statement.query()) : "",
				flags().add("from", statement.from()).add("endpoint", statement.endpoint()));
	}

	@Override
	public NormalForm visit(Truncate statement) {
		return form("TRUNCATE", statement.tables(), "",
				flags().add("restartIdentity", statement.restartIdentity()).add("cascade", statement.cascade()));
	}

	@Override
	public NormalForm visit(LockTable statement) {
		return form("LOCK", statement.tables(), "",
				flags().add("mode", statement.mode().name()).add("nowait", statement.nowait()));
	}

	@Override
	public NormalForm visit(Vacuum statement) {
		return form("VACUUM", statement.tables(), "",
				flags().add("full", statement.full()).add("analyze", statement.analyze()));
	}

	@Override
	public NormalForm visit(Analyze statement) {
		return form("ANALYZE", statement.tables(), "", "");
	}

	@Override
	public NormalForm visit(Cluster statement) {
		return form(statement.repack() ? "REPACK" : "CLUSTER", NormalForm.name(statement.table()), "",
				flags().add("index", statement.index()));
	}

	@Override
	public NormalForm visit(Reindex statement) {
		return form("REINDEX", NormalForm.name(statement.name()), "",
				flags().add("target", statement.target()).add("concurrently", statement.concurrently()));
	}

	@Override
	public NormalForm visit(RefreshMaterializedView statement) {
		return form("REFRESH MATERIALIZED VIEW", statement.name(), "",
				flags().add("concurrently", statement.concurrently()).add("noData", !statement.withData()));
	}

	@Override
	public NormalForm visit(Checkpoint statement) {
		return form("CHECKPOINT", "", "", "");
	}

	@Override
	public NormalForm visit(DoBlock statement) {
		return form("DO", "", "", flags().add("language", statement.language()));
	}

	@Override
	public NormalForm visit(CallProcedure statement) {
		return form("CALL", statement.procedure(), "", "");
	}

	@Override
	public NormalForm visit(Prepare statement) {
		return form("PREPARE", statement.name(), nested(statement.statement()), "");
	}

	@Override
	public NormalForm visit(ExecutePrepared statement) {
		return form("EXECUTE", statement.name(), "", "");
	}

	@Override
	public NormalForm visit(Deallocate statement) {
		return form("DEALLOCATE", (statement.name() != null) ? statement.name() : "", "", "");
	}

	@Override
	public NormalForm visit(Explain statement) {
		return form("EXPLAIN", "", nested(statement.statement()), flags().add("analyze", statement.analyze()));
	}

	@Override
	public NormalForm visit(DeclareCursor statement) {
		return form("DECLARE", statement.name(), nested(statement.query()), flags().add("hold", statement.hold()));
	}

	@Override
	public NormalForm visit(UseCursor statement) {
		return form(statement.command(), "", "", "");
	}

	@Override
	public NormalForm visit(Load statement) {
		return form("LOAD", statement.library(), "", "");
	}

	@Override
	public NormalForm visit(ImportForeignSchema statement) {
		return form("IMPORT FOREIGN SCHEMA", List.of(statement.from(), statement.server(), statement.into()), "", "");
	}

	@Override
	public NormalForm visit(TransactionControl statement) {
		boolean prepare = statement.action() == TransactionControl.Action.PREPARE;
		return form(prepare ? "PREPARE TRANSACTION" : statement.action().name(), "", "",
				flags().add("chain", statement.chain()));
	}

	@Override
	public NormalForm visit(Savepoint statement) {
		String kind = switch (statement.action()) {
			case SET -> "SAVEPOINT";
			case RELEASE -> "RELEASE";
			case ROLL_BACK -> "ROLLBACK TO";
		};
		return form(kind, statement.name(), "", "");
	}

	@Override
	public NormalForm visit(FinishPrepared statement) {
		return form((statement.commit() ? "COMMIT" : "ROLLBACK") + " PREPARED", statement.identifier(), "", "");
	}

	@Override
	public NormalForm visit(SetParameter statement) {
		return form("SET", statement.name(), statement.values(),
				flags().add("local", statement.local()).add("reset", statement.reset()));
	}

	@Override
	public NormalForm visit(SetTransaction statement) {
		return form("SET TRANSACTION", "", "", flags().add("session", statement.session()));
	}

	@Override
	public NormalForm visit(SetConstraints statement) {
		return form("SET CONSTRAINTS", statement.names(), "", flags().add("deferred", statement.deferred()));
	}

	@Override
	public NormalForm visit(Discard statement) {
		return form("DISCARD", "", "", flags().add("what", statement.what()));
	}

	@Override
	public NormalForm visit(Show statement) {
		return form("SHOW", "", "", "");
	}

	@Override
	public NormalForm visit(Notification statement) {
		return form(statement.command(), "", "", "");
	}

	@Override
	public NormalForm visit(WaitFor statement) {
		return form("WAIT FOR", "", "", "");
	}

	@Override
	public NormalForm visit(Unknown statement) {
		return form(NormalForm.UNKNOWN, "", "", "");
	}

}
