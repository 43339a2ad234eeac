package dev.tidemark.statement.parse;

import dev.tidemark.statement.FinishPrepared;
import dev.tidemark.statement.Savepoint;
import dev.tidemark.statement.Statement;
import dev.tidemark.statement.TransactionControl;
import dev.tidemark.statement.TransactionControl.Action;

/**
 * Reads what begins and ends transactions; used once.
 */
final class TransactionParser {

	private final SqlReader sql;

	TransactionParser(SqlReader sql) {
		this.sql = sql;
	}

	Statement read() {
		if (this.sql.accept("BEGIN") || this.sql.accept("START", "TRANSACTION")) {
			skipWord();
			boolean plain = this.sql.isAtEnd();
			this.sql.skipRest();
			return new TransactionControl(Action.BEGIN, false, plain);
		}
		if (this.sql.accept("SAVEPOINT")) {
			return new Savepoint(Savepoint.Action.SET, this.sql.requireIdentifier());
		}
		if (this.sql.accept("RELEASE")) {
			this.sql.accept("SAVEPOINT");
			return new Savepoint(Savepoint.Action.RELEASE, this.sql.requireIdentifier());
		}
		if (this.sql.accept("COMMIT", "PREPARED")) {
			return new FinishPrepared(true, this.sql.requireString());
		}
		if (this.sql.accept("ROLLBACK", "PREPARED")) {
			return new FinishPrepared(false, this.sql.requireString());
		}
		boolean commit = this.sql.acceptAny("COMMIT", "END");
		if (!commit && !this.sql.acceptAny("ROLLBACK", "ABORT")) {
			throw this.sql.notUnderstood();
		}
		skipWord();
		if (!commit && this.sql.accept("TO")) {
			this.sql.accept("SAVEPOINT");
			return new Savepoint(Savepoint.Action.ROLL_BACK, this.sql.requireIdentifier());
		}
		boolean plain = this.sql.isAtEnd();
		boolean chain = this.sql.accept("AND", "CHAIN");
		if (!chain) {
			this.sql.accept("AND", "NO", "CHAIN");
		}
		return new TransactionControl(commit ? Action.COMMIT : Action.ROLLBACK, chain, plain);
	}

	private void skipWord() {
		if (!this.sql.accept("WORK")) {
			this.sql.accept("TRANSACTION");
		}
	}

}
