package dev.tidemark.statement.parse;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.statement.ObjectName;
import dev.tidemark.statement.Persistence;
import dev.tidemark.statement.SequenceOptions;
import dev.tidemark.statement.TypeName;

/**
 * Reads what sequences are told.
 */
final class SequenceParser {

	private final SqlReader sql;

	SequenceParser(SqlReader sql) {
		this.sql = sql;
	}

	/** Reads options of a sequence as long as they come. */
	SequenceOptions options() {
		TypeName type = null;
		boolean restart = false;
		QualifiedName ownedBy = null;
		Persistence persistence = null;
		while (true) {
			if (this.sql.accept("AS")) {
				type = this.sql.type();
			}
			else if (this.sql.accept("RESTART")) {
				restart = true;
				this.sql.accept("WITH");
				number();
			}
			else if (this.sql.accept("OWNED", "BY")) {
				ownedBy = ownedBy();
			}
			else if (this.sql.accept("SET", "LOGGED") || this.sql.accept("LOGGED")) {
				persistence = Persistence.PERMANENT;
			}
			else if (this.sql.accept("SET", "UNLOGGED") || this.sql.accept("UNLOGGED")) {
				persistence = Persistence.UNLOGGED;
			}
			else if (!acceptPlainOption()) {
				return new SequenceOptions(type, restart, ownedBy, persistence);
			}
		}
	}

	private boolean acceptPlainOption() {
		if (this.sql.accept("NO")) {
			if (!this.sql.acceptAny("CYCLE", "MAXVALUE", "MINVALUE")) {
				throw this.sql.notUnderstood();
			}
			return true;
		}
		if (this.sql.accept("CYCLE")) {
			return true;
		}
		if (this.sql.accept("SEQUENCE", "NAME")) {
			this.sql.requireName();
			return true;
		}
		if (this.sql.accept("INCREMENT")) {
			this.sql.accept("BY");
		}
		else if (this.sql.accept("START")) {
			this.sql.accept("WITH");
		}
		else if (!this.sql.acceptAny("CACHE", "MAXVALUE", "MINVALUE")) {
			return false;
		}
		number();
		return true;
	}

	private void number() {
		if (this.sql.isAtNumber() || this.sql.isAtOperator() || this.sql.isAt('.')) {
			this.sql.value();
		}
	}

	private @Nullable QualifiedName ownedBy() {
		if (this.sql.accept("NONE")) {
			return null;
		}
		ObjectName column = new ObjectNameReader(this.sql).column();
		return (column != null) ? column.table() : null;
	}

}
