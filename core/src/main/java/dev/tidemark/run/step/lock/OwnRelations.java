package dev.tidemark.run.step.lock;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.Change;
import dev.tidemark.statement.ObjectKind;
import dev.tidemark.statement.Statements;

/**
 * The tables that a run has created itself. Nobody has them long enough to be looked for,
 * so that a new database costs no look.
 */
final class OwnRelations {

	/** What may set the search path for the rest of its file. */
	private static final Set<String> SETTING = Set.of("SET", "RESET", "DISCARD ALL", "SELECT", "WITH", "DO", "CALL");

	/** What may do anything. */
	private static final Set<String> OPAQUE = Set.of("DO", "CALL", "EXECUTE", SqlStatement.UNRECOGNISED);

	private final Set<QualifiedName> tables = new HashSet<>();

	/** Hears what is committed. */
	void add(LockNeeds needs) {
		if (isCode(needs) || needs.statements().stream().anyMatch(OwnRelations::mayRename)) {
			this.tables.clear();
			return;
		}
		if (isPlain(needs)) {
			needs.statements()
				.stream()
				.filter((statement) -> statement.command().equals("CREATE TABLE"))
				.flatMap((statement) -> Statements.of(statement).changes().stream())
				.forEach(this::add);
		}
	}

	private static boolean isCode(LockNeeds needs) {
		return needs.extent() == LockNeeds.Extent.MIGRATION && needs.statements().isEmpty();
	}

	private void add(Change change) {
		if (change instanceof Change.Create create && create.kind() == ObjectKind.TABLE && !create.maybe()
				&& create.name() != null) {
			this.tables.add(create.name().name());
		}
	}

	/** Tells which names stand for one of these in what is about to run. */
	Predicate<QualifiedName> within(LockNeeds needs) {
		return (!this.tables.isEmpty() && isPlain(needs)) ? this.tables::contains : (name) -> false;
	}

	/** Whether names mean there what they mean in any other migration. */
	private static boolean isPlain(LockNeeds needs) {
		return needs.extent() == LockNeeds.Extent.MIGRATION && needs.statements()
			.stream()
			.noneMatch((statement) -> SETTING.contains(statement.command()) || mayRename(statement));
	}

	/** Another table may have the name of one of these then. */
	private static boolean mayRename(SqlStatement statement) {
		if (statement.command().startsWith("ALTER ")) {
			return Statements.of(statement)
				.changes()
				.stream()
				.anyMatch((change) -> change instanceof Change.Rename || change instanceof Change.SetSchema);
		}
		return OPAQUE.contains(statement.command());
	}

}
