package dev.tidemark.sql;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A script could not be cut into statements. The message says to people what is wrong and
 * where in the script; it does not name the file, which this package does not know, and
 * quotes no content of literals.
 *
 * @since 0.1.0
 */
public final class SqlSyntaxException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	@SuppressWarnings("serial") // A list of records of strings and numbers.
	private final List<SyntaxFault> faults;

	public SqlSyntaxException(List<SyntaxFault> faults) {
		super(faults.stream().map(SqlSyntaxException::told).collect(Collectors.joining("; ")));
		this.faults = List.copyOf(faults);
	}

	private static String told(SyntaxFault fault) {
		return fault.message() + " (line " + fault.line() + ", column " + fault.column() + ")";
	}

	public static SqlSyntaxException at(String text, int offset, SyntaxFault.Reason reason, String message) {
		return new SqlSyntaxException(List.of(SyntaxFault.at(text, offset, reason, message)));
	}

	/**
	 * Returns all that is wrong. What follows the first construct without an end is not
	 * looked at; commands for psql are passed over and told all at once.
	 * @return at least one fault
	 */
	public List<SyntaxFault> faults() {
		return this.faults;
	}

	/**
	 * Returns what is wrong first.
	 * @return the reason
	 */
	public SyntaxFault.Reason reason() {
		return this.faults.get(0).reason();
	}

	/**
	 * Returns the line of what is wrong first.
	 * @return the line, the first one being 1
	 */
	public int line() {
		return this.faults.get(0).line();
	}

	/**
	 * Returns the column of what is wrong first.
	 * @return the column in UTF-16 characters, the first one being 1
	 */
	public int column() {
		return this.faults.get(0).column();
	}

}
