package dev.tidemark.test.clone;

import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.session.connect.ConnectionSource;

/**
 * How a template is made.
 *
 * @param server leads to the database that the test names, with the user that migrates
 * @param from the database that the template begins as a copy of, or {@code null} for an
 * empty one
 * @param tidemark migrates a given database
 */
record TemplateRecipe(ConnectionSource server, @Nullable String from, Function<ConnectionSource, Tidemark> tidemark) {

	private static final String EMPTY = "template1";

	/** Returns the database that the template begins as a copy of. */
	String base() {
		return (this.from != null) ? this.from : EMPTY;
	}

	/** Returns the database that the template takes the place of; it may be missing. */
	String model() {
		return (this.from != null) ? this.from : this.server.database().orElse("");
	}

	/** Returns another database of the same server. */
	ConnectionSource on(String database) {
		return this.server.on(database)
			.orElseThrow(() -> impossible("The URL of " + this.server + " cannot be led to another database."));
	}

	static TidemarkException impossible(String what) {
		return new TidemarkException(Problem.error(ErrorCode.CLONE_IMPOSSIBLE, null, what,
				"Let the test take its connection from connection details or spring.datasource.url, with a URL that "
						+ "begins with jdbc:postgresql:, or leave @ClonedDatabase out."));
	}

}
