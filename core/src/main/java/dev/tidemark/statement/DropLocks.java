package dev.tidemark.statement;

import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * Tells what {@code DROP} locks. What depends on what is dropped is locked with
 * {@code CASCADE} only; without that, the server refuses the statement if there is any.
 */
final class DropLocks {

	private DropLocks() {
	}

	static StatementLocks of(Drop drop) {
		return switch (drop.kind()) {
			case TABLE, FOREIGN_TABLE -> each(drop, (name) -> Stream.of(dropped(ObjectKind.TABLE, name.name()),
					NamedLock.of(name.name(), LockMode.ACCESS_EXCLUSIVE, Reach.PARENT)));
			case INDEX -> drop.concurrently() ? each(drop, (name) -> concurrently(name.name()))
					: each(drop, (name) -> Stream.of(dropped(ObjectKind.TABLE, name.name())));
			case VIEW, MATERIALIZED_VIEW, SEQUENCE ->
				each(drop, (name) -> Stream.of(dropped(ObjectKind.TABLE, name.name())));
			case TRIGGER -> each(drop, (name) -> ofTable(name.table(), Reach.PARTITIONS));
			case POLICY, RULE -> each(drop, (name) -> ofTable(name.table(), Reach.RELATION));
			case STATISTICS -> each(drop, (name) -> Stream.of(new NamedLock(ObjectKind.STATISTICS, name.name(), null,
					LockMode.SHARE_UPDATE_EXCLUSIVE, Reach.DEPENDANTS)));
			case AGGREGATE, FUNCTION, PROCEDURE, ROUTINE ->
				each(drop, (name) -> Stream.of(dropped(ObjectKind.FUNCTION, name.name())));
			case DOMAIN, TYPE -> each(drop, (name) -> Stream.of(dropped(ObjectKind.TYPE, name.name())));
			case EXTENSION, SCHEMA -> each(drop, (name) -> Stream.of(dropped(drop.kind(), name.name())));
			case DATABASE, EVENT_TRIGGER, PUBLICATION, ROLE, SUBSCRIPTION, TABLESPACE, USER_MAPPING ->
				StatementLocks.NONE;
			default -> drop.cascade() ? StatementLocks.UNKNOWN : StatementLocks.NONE;
		};
	}

	private static StatementLocks each(Drop drop, Locks locks) {
		List<NamedLock> all = drop.names().stream().flatMap(locks::of).toList();
		return new StatementLocks(all, true);
	}

	private static NamedLock dropped(ObjectKind kind, QualifiedName name) {
		return new NamedLock(kind, name, null, LockMode.ACCESS_EXCLUSIVE, Reach.DEPENDANTS);
	}

	private static Stream<NamedLock> concurrently(QualifiedName index) {
		return Stream.of(NamedLock.of(index, LockMode.SHARE_UPDATE_EXCLUSIVE, Reach.RELATION),
				NamedLock.of(index, LockMode.SHARE_UPDATE_EXCLUSIVE, Reach.TABLE));
	}

	private static Stream<NamedLock> ofTable(@Nullable QualifiedName table, Reach reach) {
		return (table != null) ? Stream.of(NamedLock.of(table, LockMode.ACCESS_EXCLUSIVE, reach)) : Stream.empty();
	}

	/** The locks for one of the names. */
	private interface Locks {

		Stream<NamedLock> of(ObjectName name);

	}

}
