package dev.tidemark.source;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.sql.SqlScript;
import dev.tidemark.sql.SqlStatement;
import dev.tidemark.sql.TransactionUse;

/**
 * The content of a migration file, read and split.
 *
 * @param statements the statements in order
 * @param directives what the head of the file asks for
 * @param warnings what is odd about the file, but stops nothing
 * @param placeholders the declared placeholders that it uses
 */
public record Script(List<SqlStatement> statements, Directives directives, List<Problem> warnings,
		UsedPlaceholders placeholders) {

	private static final Pattern CHAIN = Pattern.compile("(?is)\\bAND\\s+CHAIN\\b");

	private static final Pattern PARENTHESES = Pattern.compile("[)\\s]+");

	/** Copies the lists. */
	public Script {
		statements = List.copyOf(statements);
		warnings = List.copyOf(warnings);
	}

	/**
	 * A transaction that ends and begins in one statement leaves no moment to record how
	 * far the file has come.
	 */
	private static void refuseChain(SqlStatement statement, String script) {
		if (statement.transactionUse() == TransactionUse.CONTROL && CHAIN.matcher(statement.text()).find()) {
			throw new TidemarkException(
					Problem.error(ErrorCode.SYNTAX, Place.position(script, statement.line(), statement.column()),
							"AND CHAIN cannot be journalled.", "Write COMMIT; BEGIN instead."));
		}
	}

	/**
	 * Other tools pass over a closing parenthesis after the last statement, so applied
	 * files out there have it. No statement begins with one, so nothing is lost without
	 * it.
	 */
	static Script of(SqlScript sql, Directives directives, String script, List<Problem> warnings,
			UsedPlaceholders placeholders) {
		List<SqlStatement> statements = sql.statements();
		statements.forEach((statement) -> refuseChain(statement, script));
		int last = statements.size() - 1;
		if (last < 0 || !PARENTHESES.matcher(statements.get(last).text()).matches()) {
			return new Script(statements, directives, warnings, placeholders);
		}
		SqlStatement stray = statements.get(last);
		List<Problem> all = new ArrayList<>(warnings);
		all.add(Problem.warning(ErrorCode.STRAY_PARENTHESIS, Place.position(script, stray.line(), stray.column()),
				"A closing parenthesis stands alone after the last statement; it is left out.",
				"Remove it, unless the file is applied somewhere already."));
		return new Script(statements.subList(0, last), directives, all, placeholders);
	}

}
