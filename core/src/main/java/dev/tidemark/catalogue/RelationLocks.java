package dev.tidemark.catalogue;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

import dev.tidemark.session.lock.RelationLock;
import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.NamedLock;
import dev.tidemark.statement.ObjectKind;
import dev.tidemark.statement.Statement;
import dev.tidemark.statement.StatementLocks;
import dev.tidemark.statement.parse.Statements;

/**
 * The locks that the statements of a transaction will take on relations that are there
 * already: those that keep readers or writers out, and {@code SHARE UPDATE EXCLUSIVE}.
 *
 * @param locks the locks, one for each relation, the strongest one; an index is left out
 * if its table is locked as strongly
 * @param complete whether these are all, as far as texts and catalogue tell;
 * {@code false} if a statement may run what cannot be seen in its text
 * @since 0.1.0
 */
public record RelationLocks(List<RelationLock> locks, boolean complete) {

	/** Nothing is known. */
	public static final RelationLocks UNKNOWN = new RelationLocks(List.of(), false);

	/** Copies what it is given. */
	public RelationLocks {
		locks = List.copyOf(locks);
	}

	/**
	 * Return the locks of the statements of a transaction. The catalogue is asked by one
	 * query; by none if no statement names a relation that matters.
	 * @param connection the session that will run the statements, in no transaction: its
	 * search path decides what names mean
	 * @param statements the statements, in order
	 * @param own tells which relations nobody else can have yet, so that they do not
	 * matter
	 * @return the locks
	 * @throws SQLException if the catalogue cannot be read
	 */
	public static RelationLocks of(Connection connection, List<SqlStatement> statements, Predicate<QualifiedName> own)
			throws SQLException {
		int version = connection.getMetaData().getDatabaseMajorVersion();
		LockQuery query = new LockQuery();
		NamesInForce names = new NamesInForce();
		boolean complete = true;
		for (SqlStatement sql : statements) {
			Statement statement = Statements.of(sql);
			StatementLocks locks = StatementLocks.of(statement, version);
			complete &= locks.complete();
			for (NamedLock lock : locks.locks()) {
				complete &= add(lock, names, own, query);
			}
			names.follow(statement);
		}
		return new RelationLocks(query.isEmpty() ? List.of() : query.run(connection), complete);
	}

	/** Returns whether it can be told what is meant. */
	private static boolean add(NamedLock lock, NamesInForce names, Predicate<QualifiedName> own, LockQuery query) {
		QualifiedName name = lock.name();
		if (name == null || lock.kind() == ObjectKind.SCHEMA || lock.kind() == ObjectKind.EXTENSION) {
			query.add(lock, new SoughtName(SearchPath.SESSION, (name != null) ? name.name() : ""));
			return true;
		}
		if (!names.knows(name)) {
			return false;
		}
		Optional<SoughtName> sought = LockQuery.isOfRelation(lock) ? names.relation(name) : names.sought(name);
		if (!(isWithin(lock) && own.test(name))) {
			sought.ifPresent((found) -> query.add(lock, found));
		}
		return true;
	}

	/** What refers to a table, or is referred to by it, may be older than that. */
	private static boolean isWithin(NamedLock lock) {
		return switch (lock.reach()) {
			case RELATION, PARTITIONS, CHILDREN, INDEXES, TABLE, SEQUENCES -> LockQuery.isOfRelation(lock);
			default -> false;
		};
	}

}
