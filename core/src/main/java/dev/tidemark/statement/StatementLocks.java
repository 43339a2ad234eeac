package dev.tidemark.statement;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The locks on relations that a statement will take: those that keep readers or writers
 * out, and {@code SHARE UPDATE EXCLUSIVE}. Weaker ones are left out, and so are those on
 * what it creates itself; and the stronger ones that what runs {@code CONCURRENTLY} takes
 * at its end, when it has waited for all who are in the way.
 *
 * @param locks the locks
 * @param complete whether these are all; {@code false} if it may run what cannot be seen
 * in its text, such as a function or a statement that is made from strings
 * @since 0.1.0
 */
public record StatementLocks(List<NamedLock> locks, boolean complete) {

	static final StatementLocks NONE = new StatementLocks(List.of(), true);

	static final StatementLocks UNKNOWN = new StatementLocks(List.of(), false);

	/** Copies what it is given. */
	public StatementLocks {
		locks = List.copyOf(locks);
	}

	/**
	 * Return the locks of a statement.
	 * @param statement the statement
	 * @param serverVersion the major version of the server that will run it
	 * @return the locks
	 */
	public static StatementLocks of(Statement statement, int serverVersion) {
		return statement.accept(new LockVisitor(serverVersion));
	}

	static StatementLocks of(NamedLock... locks) {
		return new StatementLocks(List.of(locks), true);
	}

	static StatementLocks all(Collection<StatementLocks> parts, boolean complete) {
		List<NamedLock> locks = new ArrayList<>();
		parts.forEach((part) -> locks.addAll(part.locks()));
		return new StatementLocks(locks, complete && parts.stream().allMatch(StatementLocks::complete));
	}

}
