package dev.tidemark.migration.backfill;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.backfill.BatchStatement.Mark;
import dev.tidemark.sql.TokenReader;
import dev.tidemark.sql.script.SqlStatement;

/**
 * Finds <code>{batch}</code> and <code>{batch:alias}</code> in one statement, in time
 * proportional to its length, and what keeps a condition there from holding for each row.
 * In strings, comments and dollar quotes is none. Used once.
 */
final class MarkReader {

	private final TokenReader tokens;

	private final int offset;

	private final Alternatives alternatives = new Alternatives();

	private final List<Mark> marks = new ArrayList<>();

	private @Nullable String fault;

	MarkReader(SqlStatement statement) {
		this.tokens = statement.tokens();
		this.offset = statement.offset();
		Before before = Before.OTHER;
		while (!this.tokens.isAtEnd()) {
			if (this.tokens.isAt('{')) {
				readMark(before);
				before = Before.OTHER;
			}
			else {
				before = pass(before);
			}
		}
		for (Mark mark : this.marks) {
			if (this.fault == null && mark.alias() != null && !isGiven(statement.tokens(), mark.alias())) {
				fault("Nothing in the statement has the name '" + mark.alias() + "' of {batch:" + mark.alias() + "}.");
			}
		}
	}

	/**
	 * Tells whether a name stands somewhere as that of a table, or of what is read like
	 * one: not only before a point, as where one of its columns is named.
	 */
	private static boolean isGiven(TokenReader tokens, String alias) {
		while (!tokens.isAtEnd()) {
			if (tokens.isAt('{')) {
				while (!tokens.isAtEnd() && !tokens.accept('}')) {
					tokens.skip();
				}
			}
			else if (tokens.isAtName()) {
				boolean same = alias.equals(tokens.identifier());
				if (same && !tokens.isAt('.')) {
					return true;
				}
			}
			else {
				tokens.skip();
			}
		}
		return false;
	}

	/** Returns the marks, in order. */
	List<Mark> marks() {
		return this.marks;
	}

	/** Returns what is wrong with the first mark that cannot be used, or {@code null}. */
	@Nullable String fault() {
		return this.fault;
	}

	private Before pass(Before before) {
		if (before != Before.POINT && this.alternatives.pass(this.tokens, before == Before.CONDITION)) {
			fault(this.tokens.isAt("OR")
					? "An OR stands beside {batch} without parentheses, and would let in rows outside of the batch."
					: "{batch} stands in parentheses that are no condition which has to hold for each row.");
		}
		Before passed = Before.of(this.tokens);
		this.tokens.skip();
		return passed;
	}

	private void readMark(Before before) {
		int start = this.tokens.start();
		boolean connected = accept('{') && this.tokens.isAt("BATCH");
		connected &= acceptConnected();
		String alias = null;
		if (connected && this.tokens.isAt(':')) {
			accept(':');
			int begin = this.tokens.start();
			connected = this.tokens.isAtName() && begin == this.end;
			int end = this.tokens.end();
			alias = connected ? this.tokens.identifier() : null;
			this.end = end;
			connected &= alias != null;
		}
		if (!connected || !this.tokens.isAt('}') || this.tokens.start() != this.end) {
			fault("'{' begins something else than {batch} or {batch:alias}.");
			return;
		}
		Mark mark = new Mark(start - this.offset, this.tokens.end() - this.offset, alias);
		this.tokens.skip();
		this.marks.add(mark);
		if (before != Before.CONDITION) {
			fault("{batch} stands where no condition can stand that has to hold for each row.");
		}
		else if (this.alternatives.mark()) {
			fault("An OR stands beside {batch} without parentheses, and would let in rows outside of the batch.");
		}
		else if (Alternatives.isTurned(this.tokens)) {
			fault("Behind {batch} stands what belongs to no condition.");
		}
	}

	/** Where the token ends that was read last. */
	private int end;

	private boolean accept(char symbol) {
		this.end = this.tokens.end();
		return this.tokens.accept(symbol);
	}

	/** Accepts a token that follows without a blank. */
	private boolean acceptConnected() {
		boolean connected = this.tokens.start() == this.end;
		this.end = this.tokens.end();
		this.tokens.skip();
		return connected;
	}

	private void fault(String what) {
		this.fault = (this.fault != null) ? this.fault : what;
	}

	/** What a token means for what follows it. */
	private enum Before {

		/** A condition may follow that has to hold. */
		CONDITION,

		/** A point, behind which any word is a name. */
		POINT,

		/** Anything else. */
		OTHER;

		static Before of(TokenReader tokens) {
			if (tokens.isAt('(') || tokens.isAt("WHERE") || tokens.isAt("AND") || tokens.isAt("ON")) {
				return CONDITION;
			}
			return tokens.isAt('.') ? POINT : OTHER;
		}

	}

}
