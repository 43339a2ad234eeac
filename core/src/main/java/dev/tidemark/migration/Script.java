package dev.tidemark.migration;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.backfill.BackfillFile;
import dev.tidemark.migration.backfill.BatchText;
import dev.tidemark.sql.TokenReader;
import dev.tidemark.sql.script.SqlScript;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.DriverConflict;
import dev.tidemark.statement.TransactionControl;
import dev.tidemark.statement.parse.Statements;

/**
 * The content of a migration file, read and split.
 *
 * @param statements the statements in order
 * @param directives what the head of the file asks for
 * @param warnings what is odd about the file, but stops nothing
 * @param placeholders the declared placeholders that it uses
 * @param hasBuiltIns whether it was read with values of built-in placeholders, so that it
 * is for one database, schema and run only
 * @param backfill what is done to each batch, or {@code null} if the file is no backfill;
 * the statements then do all at once
 * @since 0.1.0
 */
public record Script(List<SqlStatement> statements, Directives directives, List<Problem> warnings,
		UsedPlaceholders placeholders, boolean hasBuiltIns, @Nullable BackfillFile backfill) {

	/** Copies the lists. */
	public Script {
		statements = List.copyOf(statements);
		warnings = List.copyOf(warnings);
	}

	/**
	 * Returns the script of a file that is run batch by batch.
	 * @throws TidemarkException if it cannot be
	 */
	Script asBackfill(String script, List<BatchText.Marks> marks) {
		BackfillFile file = BackfillFile.of(script, this.directives.backfill(), this.statements, marks);
		return new Script(this.statements, this.directives, this.warnings, this.placeholders, this.hasBuiltIns, file);
	}

	/**
	 * A transaction that ends and begins in one statement leaves no moment to record how
	 * far the file has come.
	 */
	private static void refuseChain(SqlStatement statement, String script) {
		if (Statements.of(statement) instanceof TransactionControl control && control.chain()) {
			throw new TidemarkException(Problem.error(ErrorCode.SYNTAX,
					Place.position(script, statement.line(), statement.column()), "AND CHAIN cannot be journalled.",
					"Leave AND CHAIN away, and write BEGIN; behind the statement."));
		}
	}

	/**
	 * The driver would end the run in the middle of the file, whatever the server makes
	 * of it.
	 */
	private static void refuseConflicts(List<SqlStatement> statements, String script) {
		List<Problem> problems = new ArrayList<>();
		for (SqlStatement statement : statements) {
			DriverConflict conflict = DriverConflict.of(Statements.of(statement));
			if (conflict != null) {
				problems.add(refused(conflict, new Place(script, statement.number(), statement.line(),
						statement.column(), statement.excerpt())));
			}
		}
		if (!problems.isEmpty()) {
			throw new TidemarkException(problems);
		}
	}

	private static Problem refused(DriverConflict conflict, Place place) {
		return switch (conflict) {
			case CLIENT_ENCODING -> Problem.error(ErrorCode.DRIVER, place,
					"The statement sets client_encoding to another encoding than UTF8, and the JDBC driver, which speaks"
							+ " UTF8 only, closes the connection then.",
					"Remove it. What encoding the file itself has, " + SettingNames.name("files.encoding")
							+ " says; its text goes to the server in"
							+ " UTF8, which converts it to the encoding of the database.");
			case DATE_STYLE -> Problem.error(ErrorCode.DRIVER, place,
					"The statement sets DateStyle to another style than ISO, and the JDBC driver, which reads ISO only,"
							+ " closes the connection then.",
					"Remove it, or leave only the order, as in SET DateStyle = 'ISO, DMY'; where dates are written in"
							+ " another style, write them as DATE '2026-02-01' or with to_date().");
			case COPY_TO_CLIENT -> Problem.error(ErrorCode.DRIVER, place,
					"The statement copies rows to the client, and no client takes them in a migration.",
					"Remove it, or copy to a file of the server or to another table.");
		};
	}

	private static boolean hasParenthesesOnly(SqlStatement statement) {
		TokenReader tokens = statement.tokens();
		while (tokens.accept(')')) {
			// Nothing but these.
		}
		return tokens.isAtEnd();
	}

	/**
	 * Other tools pass over a closing parenthesis after the last statement, so applied
	 * files out there have it. No statement begins with one, so nothing is lost without
	 * it.
	 */
	static Script of(SqlScript sql, Directives directives, String script, List<Problem> warnings,
			UsedPlaceholders placeholders, boolean hasBuiltIns) {
		List<SqlStatement> statements = sql.statements();
		statements.forEach((statement) -> refuseChain(statement, script));
		refuseConflicts(statements, script);
		int last = statements.size() - 1;
		if (last < 0 || !hasParenthesesOnly(statements.get(last))) {
			return new Script(statements, directives, warnings, placeholders, hasBuiltIns, null);
		}
		SqlStatement stray = statements.get(last);
		List<Problem> all = new ArrayList<>(warnings);
		all.add(Problem.warning(ErrorCode.STRAY_PARENTHESIS, Place.position(script, stray.line(), stray.column()),
				"A closing parenthesis stands alone after the last statement; it is left out.",
				"Remove it, unless the file is applied somewhere already."));
		return new Script(statements.subList(0, last), directives, all, placeholders, hasBuiltIns, null);
	}

}
