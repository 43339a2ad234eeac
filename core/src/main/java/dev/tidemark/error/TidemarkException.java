package dev.tidemark.error;

import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.PlainText;

/**
 * Says that Tidemark cannot go on, and why: one or more {@linkplain #problems()
 * problems}, each complete in itself. No part of it holds a secret, the cause included.
 *
 * @since 0.1.0
 */
public class TidemarkException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final transient List<Problem> problems;

	private volatile @Nullable String database;

	/**
	 * Makes an exception of one problem.
	 * @param problem the problem
	 */
	public TidemarkException(Problem problem) {
		this(List.of(problem), null);
	}

	/**
	 * Makes an exception of one problem with its cause.
	 * @param problem the problem
	 * @param cause the cause, free of secrets, or {@code null}
	 */
	public TidemarkException(Problem problem, @Nullable Throwable cause) {
		this(List.of(problem), cause);
	}

	/**
	 * Makes an exception of all problems that were found.
	 * @param problems the problems, at least one
	 */
	public TidemarkException(List<Problem> problems) {
		this(problems, null);
	}

	/**
	 * Makes an exception of all problems that were found, with their cause.
	 * @param problems the problems, at least one
	 * @param cause the cause, free of secrets, or {@code null}
	 */
	public TidemarkException(List<Problem> problems, @Nullable Throwable cause) {
		super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")), cause);
		if (problems.isEmpty()) {
			throw new IllegalArgumentException("'problems' must not be empty");
		}
		this.problems = List.copyOf(problems);
	}

	/**
	 * Returns what is wrong, the first being the most important.
	 * @return the problems, at least one
	 */
	public List<Problem> problems() {
		return this.problems;
	}

	/**
	 * Says which of several databases cannot go on.
	 * @param name the name of the database
	 */
	public void setDatabase(String name) {
		this.database = name;
	}

	/**
	 * Returns which of several databases cannot go on.
	 * @return the name of the database, or {@code null} if there is only one, or it is
	 * about all of them
	 */
	public @Nullable String database() {
		return this.database;
	}

	/** Returns all problems, with the name of the database in front if there is one. */
	@Override
	public String getMessage() {
		return ((this.database != null) ? "Database " + PlainText.line(this.database) + ": " : "") + super.getMessage();
	}

	/**
	 * Returns the code of the first problem.
	 * @return the code
	 */
	public ErrorCode code() {
		return this.problems.get(0).code();
	}

}
