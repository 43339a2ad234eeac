package dev.tidemark.run.failure;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.ServerError;
import dev.tidemark.migration.CallbackFile;
import dev.tidemark.migration.CodeMigration;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Script;
import dev.tidemark.plan.step.Step;
import dev.tidemark.run.Callback;
import dev.tidemark.sql.script.SqlStatement;

/**
 * Where what runs comes from: a migration or a callback, a file or code.
 *
 * @param inWords what it is, such as {@code version 7}
 * @param migration the migration, or {@code null} if it is a callback
 * @param undo whether it undoes the migration
 * @param script its file or class
 * @param code the class of the code, or {@code null} if it is a file
 * @param failure the code of a failure that has no better one
 * @param remedy what to do about such a failure
 * @param statements the statements of the file; none for code
 * @param lockTimeout how long they may wait for a lock by what the head of the file says,
 * or {@code null} if it says nothing
 * @since 0.1.0
 */
public record Origin(String inWords, @Nullable Identity migration, boolean undo, String script, @Nullable Class<?> code,
		ErrorCode failure, String remedy, List<SqlStatement> statements, @Nullable Duration lockTimeout) {

	public Origin {
		statements = List.copyOf(statements);
	}

	public static Origin of(Step step) {
		Identity identity = step.migration().identity();
		String inWords = step.migration().inWords();
		String script = step.migration().script();
		CodeMigration code = step.migration().code();
		return (code != null)
				? new Origin(inWords, identity, false, script, ClassUtils.getUserClass(code), ErrorCode.CODE,
						"Correct the code, which is not applied yet, and start again.", List.of(), null)
				: new Origin(inWords, identity, step.isUndo(), script, null, ErrorCode.STATEMENT,
						step.isUndo() ? "Correct the undo file, and start again."
								: "Correct the file, which is not applied yet, and start again.",
						step.statements(), step.lockTimeout());
	}

	public static Origin of(CallbackFile file, Script script) {
		return callback(file.script(), null, script.statements(), script.directives().lockTimeout());
	}

	public static Origin of(Callback callback) {
		Class<?> type = ClassUtils.getUserClass(callback);
		return callback(type.getName(), type, List.of(), null);
	}

	private static Origin callback(String script, @Nullable Class<?> code, List<SqlStatement> statements,
			@Nullable Duration lockTimeout) {
		return new Origin("the callback " + script, null, false, script, code, ErrorCode.CALLBACK,
				"Correct the callback, and start again.", statements, lockTimeout);
	}

	/** Returns the file, or the class with the line at which an exception left it. */
	public Place place(Throwable thrown) {
		for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
			for (StackTraceElement frame : cause.getStackTrace()) {
				if (isMine(frame.getClassName()) && frame.getLineNumber() > 0) {
					return new Place(this.script, null, frame.getLineNumber(), null, null);
				}
			}
		}
		return place();
	}

	public Place place() {
		return Place.file(this.script);
	}

	/** Returns where a statement of it stands. */
	public Place place(SqlStatement statement) {
		return place(statement, null);
	}

	/**
	 * Returns where in a statement of it the server has found an error. The position that
	 * the server names counts characters, not UTF-16 units, and is one in the text with
	 * the values of placeholders.
	 */
	public Place place(SqlStatement statement, @Nullable ServerError error) {
		String text = statement.text();
		String source = statement.source();
		int line = statement.line();
		int column = statement.column();
		Integer position = (error != null) ? error.position() : null;
		int characters = (position != null) ? position - 1 : -1;
		if (characters >= 0 && characters <= text.codePointCount(0, text.length())) {
			int offset = statement.sourceIndex(text.offsetByCodePoints(0, characters));
			for (int i = 0; i < offset; i++) {
				char c = source.charAt(i);
				boolean lineEnd = c == '\n' || (c == '\r' && !source.startsWith("\n", i + 1));
				line = lineEnd ? line + 1 : line;
				column = lineEnd ? 1 : column + 1;
			}
		}
		return new Place(this.script, statement.number(), line, column, excerpt(statement));
	}

	/** A failure is told also where its statement cannot be shown without secrets. */
	private static @Nullable String excerpt(SqlStatement statement) {
		try {
			return statement.excerpt();
		}
		catch (RuntimeException | Error ex) {
			return null;
		}
	}

	private boolean isMine(String className) {
		for (Class<?> type = this.code; type != null && type != Object.class; type = type.getSuperclass()) {
			if (isOrIsIn(className, type.getName())) {
				return true;
			}
		}
		return isOrIsIn(className, this.script);
	}

	/** Classes within a class, and lambdas, belong to it. */
	private static boolean isOrIsIn(String className, String outer) {
		return className.equals(outer) || className.startsWith(outer + "$");
	}

}
