package dev.tidemark.sql.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.Lexer;
import dev.tidemark.sql.LineCounter;
import dev.tidemark.sql.SqlSyntaxException;
import dev.tidemark.sql.SyntaxFault;

/**
 * The commands for psql that stand in a script, which begin with a backslash and end with
 * their line.
 */
final class PsqlCommands {

	/** What pg_dump writes around a plain dump, to restrict psql while it reads it. */
	private static final Set<String> OF_DUMPS = Set.of("restrict", "unrestrict");

	/** They end the statement before them, as a semicolon does. */
	private static final Set<String> TERMINATORS = Set.of("g", "gx", "gexec", "gset", "gdesc", "crosstabview", "watch",
			"bind", "bind_named", "parse", "sendpipeline");

	private static final String COPY = "copy";

	private static final Pattern FROM_STDIN = Pattern.compile("\\bfrom\\s+p?stdin\\b", Pattern.CASE_INSENSITIVE);

	private static final String END_OF_ROWS = "\\.";

	/** More are no news to anybody. */
	private static final int MOST = 100;

	private static final int LONGEST_NAME = 20;

	private final String text;

	private final List<Integer> offsets = new ArrayList<>();

	PsqlCommands(String text) {
		this.text = text;
	}

	/** Tells whether there is none that would have to do something. */
	boolean isEmpty() {
		return this.offsets.isEmpty();
	}

	/**
	 * Tells whether a command stands at the start of its line, where pg_dump writes it.
	 */
	boolean isOfDump(int backslash) {
		boolean first = backslash == 0 || Lexer.isLineBreak(this.text.charAt(backslash - 1));
		return first && OF_DUMPS.contains(name(backslash));
	}

	/**
	 * Notes a command.
	 * @return whether it ends the statement before it
	 */
	boolean add(int backslash) {
		if (this.offsets.size() < MOST) {
			this.offsets.add(backslash);
		}
		return TERMINATORS.contains(name(backslash));
	}

	/** Returns where SQL goes on: with the next line, or behind the rows of a copy. */
	int end(int backslash) {
		int end = endOfLine(backslash);
		if (!name(backslash).equals(COPY) || !FROM_STDIN.matcher(this.text).region(backslash, end).find()) {
			return end;
		}
		int row = end;
		while (row < this.text.length()) {
			row++;
			int next = endOfLine(row);
			if (this.text.substring(row, Math.min(next, row + 3)).equals(END_OF_ROWS)) {
				return next;
			}
			row = next;
		}
		return this.text.length();
	}

	/**
	 * Returns what is thrown for all of them.
	 * @param other what else is wrong with the script, or {@code null}
	 */
	SqlSyntaxException refused(@Nullable SqlSyntaxException other) {
		List<SyntaxFault> faults = new ArrayList<>();
		LineCounter position = new LineCounter(this.text);
		for (int offset : this.offsets) {
			position.advanceTo(offset);
			faults.add(SyntaxFault.psql(name(offset), position));
		}
		if (other != null) {
			faults.addAll(other.faults());
		}
		return new SqlSyntaxException(faults);
	}

	private String name(int backslash) {
		int from = backslash + 1;
		int to = from;
		while (to < this.text.length() && to - from < LONGEST_NAME && isPartOfName(this.text.charAt(to))) {
			to++;
		}
		if (to == from && to < this.text.length() && ".!?".indexOf(this.text.charAt(to)) >= 0) {
			to++;
		}
		return this.text.substring(from, to);
	}

	private static boolean isPartOfName(char c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
	}

	private int endOfLine(int offset) {
		int i = offset;
		while (i < this.text.length() && !Lexer.isLineBreak(this.text.charAt(i))) {
			i++;
		}
		return i;
	}

}
