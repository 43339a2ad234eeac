package dev.tidemark.sql.script;

import java.nio.CharBuffer;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.Lexer;
import dev.tidemark.sql.LineCounter;
import dev.tidemark.sql.TokenReader;
import dev.tidemark.sql.secret.Excerpt;
import dev.tidemark.sql.secret.Listing;
import dev.tidemark.sql.secret.SecretConstants;

/**
 * One statement of a {@link SqlScript}. Immutable and safe for use by many threads; it
 * refers to the script's text and holds no copy of it.
 *
 * @since 0.1.0
 */
public final class SqlStatement {

	/** The command of what does not begin like any known one. */
	public static final String UNRECOGNISED = CommandTags.UNRECOGNISED;

	private final ScriptText script;

	private final int number;

	private final int offset;

	private final int end;

	private final int line;

	private final int column;

	private final boolean standardStrings;

	private final String command;

	private final @Nullable CopyData copyData;

	/** What the statement does, once that was asked. */
	private volatile @Nullable Object meaning;

	SqlStatement(ScriptText script, int number, int offset, int end, LineCounter position, boolean standardStrings,
			String command, @Nullable CopyData copyData) {
		this.script = script;
		this.number = number;
		this.offset = offset;
		this.end = end;
		this.line = position.line();
		this.column = position.column();
		this.standardStrings = standardStrings;
		this.command = command;
		this.copyData = copyData;
	}

	private SqlStatement(SqlStatement other, ScriptText script) {
		this.script = script;
		this.number = other.number;
		this.offset = other.offset;
		this.end = other.end;
		this.line = other.line;
		this.column = other.column;
		this.standardStrings = other.standardStrings;
		this.command = other.command;
		this.copyData = other.copyData;
	}

	/** Returns the statement at the same place of another text. */
	SqlStatement in(ScriptText changed) {
		return new SqlStatement(this, changed);
	}

	/**
	 * Returns the place of this statement among those of its script.
	 * @return the number, the first one being 1
	 */
	public int number() {
		return this.number;
	}

	/**
	 * Returns where the statement's first token starts; blanks and comments before it are
	 * not part of it.
	 * @return the UTF-16 offset in the text of the script
	 */
	public int offset() {
		return this.offset;
	}

	/**
	 * Returns where the statement's last token ends; the semicolon, and blanks and
	 * comments before that, are not part of it.
	 * @return the exclusive UTF-16 offset in the text of the script
	 */
	public int end() {
		return this.end;
	}

	/**
	 * Returns the line of the file in which the statement starts.
	 * @return the line, the first one being 1; {@code \n}, {@code \r\n} and a lone
	 * {@code \r} end a line
	 */
	public int line() {
		return this.line;
	}

	/**
	 * Returns the column of the file in which the statement starts.
	 * @return the column in UTF-16 characters (a tab counts one, an emoji two), the first
	 * one being 1
	 */
	public int column() {
		return this.column;
	}

	/**
	 * Returns the text of the statement as it can be sent to the server. Each call makes
	 * a new copy of it.
	 * @return the text from {@link #offset()} to {@link #end()}, secrets included
	 */
	public String text() {
		return this.script.text().substring(this.offset, this.end);
	}

	/**
	 * Returns the statement as the file has it, before its placeholders were replaced.
	 * Each call makes a new copy of it. Of a placeholder that stands for several
	 * statements, each has the whole.
	 * @return the text of the file, without the values of placeholders
	 */
	public String source() {
		return this.script.source().substring(this.script.sourceStart(this.offset), this.script.sourceEnd(this.end));
	}

	/**
	 * Finds in the {@link #source() source} what stands in the {@link #text() text}.
	 * @param index an index in the text, in UTF-16 characters from 0; at most its length
	 * @return the index in the source, where a placeholder begins if its value stands
	 * there
	 */
	public int sourceIndex(int index) {
		int offset = this.offset + index;
		int start = this.script.sourceStart(this.offset);
		return ((offset < this.end) ? this.script.sourceStart(offset) : this.script.sourceEnd(this.end)) - start;
	}

	/**
	 * Returns the command that the statement is, for logs and messages: its leading
	 * keywords without modifiers such as {@code OR REPLACE} or {@code UNIQUE}. Mostly
	 * this is the server's command tag; but {@code CONCURRENTLY} is told for the creation
	 * and removal of an index, and a query is called by its first word, {@code SELECT},
	 * {@code VALUES}, {@code TABLE} or {@code WITH}.
	 * @return the command in upper case, never with a name or a literal;
	 * {@link #UNRECOGNISED} for what does not begin like any known command
	 */
	public String command() {
		return this.command;
	}

	/**
	 * Returns where the inline rows of this statement stand.
	 * @return the place of the rows for {@code COPY … FROM STDIN}, {@code null} for every
	 * other statement
	 */
	public @Nullable CopyData copyData() {
		return this.copyData;
	}

	/**
	 * Returns the inline rows of this statement as a view of the script's text, which is
	 * not copied.
	 * @return the rows of {@link #copyData()}
	 * @throws IllegalStateException if the statement has none
	 */
	public CharSequence copyRows() {
		if (this.copyData == null) {
			throw new IllegalStateException("Statement without inline rows");
		}
		return CharBuffer.wrap(this.script.text(), this.copyData.offset(), this.copyData.end());
	}

	/**
	 * Returns the beginning of the statement in one line, fit for logs, the history and
	 * exceptions: without comments, white space folded to single blanks, and secrets
	 * masked. If a name or literal in it speaks of a password or the like, all of its
	 * literals are masked. Placeholders stand in it as in the file, never with their
	 * values.
	 * @return at most 200 characters, the last one an ellipsis if something was cut off
	 */
	public String excerpt() {
		String source = this.script.source();
		return Excerpt.of(new Lexer(source, this.script.sourceStart(this.offset), this.script.sourceEnd(this.end),
				this.standardStrings), source);
	}

	/**
	 * Takes out of a message about the statement what must not be seen: the names and
	 * constants in which a placeholder stands, and if the statement speaks of a secret,
	 * all of its string constants.
	 * @param message a text, such as a message of the server
	 * @return the text with what the file says in the place of these names, and
	 * {@code ***} in the place of these constants
	 */
	public String mask(String message) {
		String masked = SecretConstants.mask(lexer(), this.script.text(), this.standardStrings).apply(message);
		return source().equals(text()) ? masked : new WrittenNames(this.script, tokens()).putInto(masked);
	}

	/** Returns the tokens of the statement, from the first one on. */
	public TokenReader tokens() {
		return new TokenReader(this.script.text(), this.offset, this.end, this.standardStrings);
	}

	/**
	 * Return whether a backslash is an ordinary character in its plain strings.
	 * @return {@code true} unless {@code standard_conforming_strings} was set off before
	 */
	public boolean standardStrings() {
		return this.standardStrings;
	}

	/**
	 * Return what a higher room has read from the statement, and let it read first if it
	 * has not.
	 * @param <T> what it reads
	 * @param type what it reads; one type for all statements
	 * @param reader reads it
	 * @return what was read, the same for each call
	 */
	public <T> T meaning(Class<T> type, Function<SqlStatement, T> reader) {
		Object known = this.meaning;
		if (known == null) {
			// Two threads may both read it, and find the same.
			known = reader.apply(this);
			this.meaning = known;
		}
		return type.cast(known);
	}

	/** Returns a lexer before the first token of the statement. */
	Lexer lexer() {
		return new Lexer(this.script.text(), this.offset, this.end, this.standardStrings);
	}

	/**
	 * Returns the whole statement with its lines and comments, fit to be shown: secrets
	 * are masked as in the {@link #excerpt() excerpt}, and control characters other than
	 * tabs and line ends are blanks. Placeholders stand in it as in the file, never with
	 * their values. It is not fit to be run.
	 * @return the statement without secrets
	 */
	public String listing() {
		int start = this.script.sourceStart(this.offset);
		int last = this.script.sourceEnd(this.end);
		String source = this.script.source();
		return Listing.of(new Lexer(source, start, last, this.standardStrings), source, start, last);
	}

	@Override
	public String toString() {
		return "statement " + this.number + " (line " + this.line + "): " + excerpt();
	}

}
