package dev.tidemark.catalogue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import dev.tidemark.session.lock.RelationLock;
import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.StringLiteral;
import dev.tidemark.sql.TokenReader;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.Change;
import dev.tidemark.statement.LockMode;
import dev.tidemark.statement.ObjectKind;
import dev.tidemark.statement.Statements;

/**
 * Finds out which relations the statements of a transaction will lock, and how strongly,
 * as far as their texts tell.
 *
 * @since 0.1.0
 */
public final class RelationLocks {

	private static final String RELATION = "SELECT v.place, c.oid, pg_catalog.quote_ident(n.nspname)"
			+ " OPERATOR(pg_catalog.||) '.' OPERATOR(pg_catalog.||) pg_catalog.quote_ident(c.relname)"
			+ " FROM (VALUES %s) AS v (place, relation)"
			+ " JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) v.relation"
			+ " JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace";

	private RelationLocks() {
	}

	/**
	 * Returns the locks on relations that are there already.
	 * @param connection the session that will run the statements, in no transaction: its
	 * search path decides what names mean
	 * @param statements the statements of one transaction
	 * @param own tells which relations nobody else can have yet, so that they do not
	 * matter
	 * @return the locks, one for each relation; if no statement names a relation that
	 * matters, nothing is asked for that
	 * @throws SQLException if the catalogue cannot be read
	 */
	public static List<RelationLock> of(Connection connection, List<SqlStatement> statements,
			Predicate<QualifiedName> own) throws SQLException {
		Map<QualifiedName, LockMode> names = new LinkedHashMap<>();
		Set<QualifiedName> created = new HashSet<>();
		for (SqlStatement statement : statements) {
			Map<QualifiedName, LockMode> locked = new LinkedHashMap<>();
			add(statement, locked);
			locked.keySet().removeIf((name) -> created.contains(name) || own.test(name));
			locked.forEach((name, mode) -> names.merge(name, mode, LockMode::strongest));
			created.addAll(created(statement));
		}
		return names.isEmpty() ? List.of() : read(connection, names);
	}

	private static List<RelationLock> read(Connection connection, Map<QualifiedName, LockMode> names)
			throws SQLException {
		List<LockMode> modes = List.copyOf(names.values());
		StringJoiner values = new StringJoiner(", ");
		int place = 0;
		for (QualifiedName name : names.keySet()) {
			values.add("(" + place++ + ", pg_catalog.to_regclass(" + StringLiteral.quote(name.quoted())
					+ ")::pg_catalog.oid)");
		}
		Map<Long, RelationLock> locks = new LinkedHashMap<>();
		try (Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery(RELATION.formatted(values))) {
			while (results.next()) {
				RelationLock lock = new RelationLock(results.getLong(2), results.getString(3),
						modes.get(results.getInt(1)));
				locks.merge(lock.relation(), lock, (one, other) -> new RelationLock(one.relation(), one.name(),
						one.mode().strongest(other.mode())));
			}
		}
		return new ArrayList<>(locks.values());
	}

	private static void add(SqlStatement statement, Map<QualifiedName, LockMode> names) {
		switch (statement.command()) {
			case "ALTER TABLE" -> alter(statement, names);
			case "CREATE INDEX", "CREATE TRIGGER", "DROP INDEX", "DROP TABLE", "TRUNCATE" ->
				Statements.of(statement).changes().forEach((change) -> add(change, names));
			default -> {
				// Nothing that is known here.
			}
		}
	}

	/** What the transaction has created itself is there for nobody else yet. */
	private static Set<QualifiedName> created(SqlStatement statement) {
		Set<QualifiedName> created = new HashSet<>();
		if (statement.command().equals("CREATE TABLE")) {
			for (Change change : Statements.of(statement).changes()) {
				if (change instanceof Change.Create create && !create.maybe() && create.name() != null) {
					created.add(create.name().name());
				}
			}
		}
		return created;
	}

	private static void alter(SqlStatement statement, Map<QualifiedName, LockMode> names) {
		TokenReader tokens = statement.tokens();
		tokens.accept("ALTER", "TABLE");
		tokens.accept("IF", "EXISTS");
		QualifiedName table = tokens.relation();
		add(table, tokens.isAt("VALIDATE") ? LockMode.SHARE_UPDATE_EXCLUSIVE : LockMode.ACCESS_EXCLUSIVE, names);
	}

	private static void add(Change change, Map<QualifiedName, LockMode> names) {
		if (change instanceof Change.Create create) {
			boolean index = create.kind() == ObjectKind.INDEX;
			add(create.table(), index ? LockMode.SHARE : LockMode.SHARE_ROW_EXCLUSIVE, names);
		}
		else if (change instanceof Change.Drop drop) {
			drop.names().forEach((name) -> add(name.name(), LockMode.ACCESS_EXCLUSIVE, names));
		}
		else if (change instanceof Change.Truncate truncate) {
			truncate.tables().forEach((table) -> add(table, LockMode.ACCESS_EXCLUSIVE, names));
		}
	}

	private static void add(@Nullable QualifiedName name, LockMode mode, Map<QualifiedName, LockMode> names) {
		if (name != null) {
			names.merge(name, mode, LockMode::strongest);
		}
	}

}
