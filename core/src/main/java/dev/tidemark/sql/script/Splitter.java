package dev.tidemark.sql.script;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.Lexer;
import dev.tidemark.sql.LineCounter;
import dev.tidemark.sql.SqlSyntaxException;
import dev.tidemark.sql.SyntaxFault.Reason;
import dev.tidemark.sql.Token;
import dev.tidemark.sql.TokenReader;

/**
 * Cuts one script into statements; used once.
 */
final class Splitter {

	private final ScriptText script;

	private final String text;

	private final Lexer lexer;

	private final LineCounter position;

	private final StringSyntax strings = new StringSyntax();

	private final List<SqlStatement> statements = new ArrayList<>();

	/** The offset of the statement's first token, -1 before there is one. */
	private int offset;

	/** The offset behind the statement's last token so far. */
	private int end;

	private int openParentheses;

	/** The offset of the outermost open parenthesis. */
	private int parenthesis;

	/** How many BEGIN ATOMIC bodies are open; the grammar lets them nest. */
	private int openBodies;

	/** The offset of the outermost open body. */
	private int body;

	/** Whether the next token is the first one of a statement in a body. */
	private boolean startsBodyStatement;

	private boolean afterBegin;

	private int beginOffset;

	private final RoutineHead head = new RoutineHead();

	private final PsqlCommands psql;

	/** Whether there was a token, so that the head of the file is over. */
	private boolean begun;

	/** Comments behind the first token that address Tidemark. */
	private final List<Integer> remarks = new ArrayList<>();

	Splitter(ScriptText script) {
		this.script = script;
		this.text = script.text();
		this.lexer = new Lexer(this.text, 0, this.text.length(), this.strings.isStandard());
		this.position = new LineCounter(script.source());
		this.psql = new PsqlCommands(this.text);
		this.lexer.tellComments(this::comment);
		startStatement();
	}

	List<SqlStatement> split() {
		try {
			read();
		}
		catch (SqlSyntaxException ex) {
			throw this.psql.isEmpty() ? ex : this.psql.refused(ex);
		}
		if (!this.psql.isEmpty()) {
			throw this.psql.refused(null);
		}
		return this.statements;
	}

	private void comment(int offset) {
		if (this.begun && Remark.isAt(this.text, offset)) {
			this.remarks.add(offset);
		}
	}

	/** Returns such comments, as the source has them. */
	List<Remark> remarks() {
		LineCounter position = new LineCounter(this.script.source());
		List<Remark> remarks = new ArrayList<>();
		for (int remark : this.remarks) {
			remarks.add(Remark.at(this.script.source(), this.script.sourceStart(remark), position));
		}
		return remarks;
	}

	private void read() {
		while (this.lexer.next() != Token.END) {
			this.begun = true;
			if (this.lexer.token() == Token.BACKSLASH) {
				psqlCommand();
			}
			else if (this.lexer.isSymbol(';') && this.openParentheses == 0) {
				semicolon();
			}
			else {
				token();
			}
		}
		endOfText();
	}

	/**
	 * Lines that plain dumps begin and end with say nothing to the server. Other commands
	 * are noted, so that all of them are told at once.
	 */
	private void psqlCommand() {
		int backslash = this.lexer.start();
		boolean harmless = this.offset < 0 && this.psql.isOfDump(backslash);
		if (!harmless && this.psql.add(backslash)) {
			this.openParentheses = 0;
			startStatement();
		}
		this.lexer.continueAt(this.psql.end(backslash));
	}

	private void startStatement() {
		this.offset = -1;
		this.afterBegin = false;
		this.startsBodyStatement = false;
		this.head.reset();
	}

	private void token() {
		if (this.offset < 0) {
			this.offset = this.lexer.start();
		}
		this.end = this.lexer.end();
		boolean startsBodyStatement = this.startsBodyStatement;
		boolean afterBegin = this.afterBegin;
		this.startsBodyStatement = false;
		this.afterBegin = false;
		if (this.lexer.isSymbol('(')) {
			if (this.openParentheses++ == 0) {
				this.parenthesis = this.lexer.start();
			}
		}
		else if (this.lexer.isSymbol(')')) {
			this.openParentheses = Math.max(0, this.openParentheses - 1);
		}
		else if (this.openParentheses == 0 && this.lexer.token() == Token.WORD) {
			if (startsBodyStatement && this.lexer.isWord("END")) {
				this.openBodies--;
			}
			else if (afterBegin && this.head.isComplete() && this.lexer.isWord("ATOMIC")) {
				startBody();
				return;
			}
			else if (this.lexer.isWord("BEGIN")) {
				this.afterBegin = true;
				this.beginOffset = this.lexer.start();
			}
		}
		this.head.accept(this.lexer);
	}

	private void startBody() {
		if (this.openBodies++ == 0) {
			this.body = this.beginOffset;
		}
		startBodyStatement();
	}

	private void startBodyStatement() {
		this.startsBodyStatement = true;
		this.afterBegin = false;
		this.head.reset();
	}

	private void semicolon() {
		if (this.openBodies > 0) {
			this.end = this.lexer.end();
			startBodyStatement();
			return;
		}
		if (this.offset >= 0) {
			endStatement(this.lexer.end());
		}
		startStatement();
	}

	private void endOfText() {
		if (this.openParentheses > 0) {
			throw SqlSyntaxException.at(this.text, this.parenthesis, Reason.UNTERMINATED_BLOCK,
					"A parenthesis opens here that is not closed until the end of the file");
		}
		if (this.openBodies > 0) {
			throw SqlSyntaxException.at(this.text, this.body, Reason.UNTERMINATED_BLOCK,
					"A BEGIN ATOMIC body begins here, but its END is missing");
		}
		if (this.offset >= 0) {
			endStatement(this.text.length());
		}
	}

	private void endStatement(int dataLine) {
		boolean standardStrings = this.strings.isStandard();
		StatementHead head = StatementHead.of(new TokenReader(this.text, this.offset, this.end, standardStrings));
		CopyData copyData = head.readsInlineData() ? copyData(dataLine) : null;
		add(standardStrings, head.command(), copyData);
		this.strings.follow(head.command(), new TokenReader(this.text, this.offset, this.end, standardStrings));
		this.lexer.setStandardStrings(this.strings.isStandard());
	}

	private void add(boolean standardStrings, String command, @Nullable CopyData copyData) {
		this.position.advanceTo(this.script.sourceStart(this.offset));
		this.statements.add(new SqlStatement(this.script, this.statements.size() + 1, this.offset, this.end,
				this.position, standardStrings, command, copyData));
	}

	private CopyData copyData(int semicolon) {
		InlineData data = InlineData.find(this.text, this.offset, semicolon);
		this.lexer.continueAt(data.next());
		return new CopyData(data.offset(), data.end());
	}

	/**
	 * Watches for {@code CREATE [OR REPLACE] FUNCTION|PROCEDURE} at the start of a
	 * statement: only there {@code BEGIN ATOMIC} begins a body.
	 */
	private static final class RoutineHead {

		private State state = State.START;

		void reset() {
			this.state = State.START;
		}

		boolean isComplete() {
			return this.state == State.ROUTINE;
		}

		void accept(Lexer lexer) {
			this.state = switch (this.state) {
				case START -> lexer.isWord("CREATE") ? State.CREATE : State.OTHER;
				case CREATE -> lexer.isWord("OR") ? State.OR : afterCreate(lexer);
				case OR -> lexer.isWord("REPLACE") ? State.REPLACE : State.OTHER;
				case REPLACE -> afterCreate(lexer);
				case ROUTINE, OTHER -> this.state;
			};
		}

		private static State afterCreate(Lexer lexer) {
			return (lexer.isWord("FUNCTION") || lexer.isWord("PROCEDURE")) ? State.ROUTINE : State.OTHER;
		}

		private enum State {

			START, CREATE, OR, REPLACE, ROUTINE, OTHER

		}

	}

}
