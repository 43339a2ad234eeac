package dev.tidemark.autoconfigure.start;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;

/**
 * Which schema properties are about that change a single one. Among several none is
 * guessed.
 *
 * @param property how the properties begin, such as {@code tidemark.undo}
 * @param database the name of the database, or {@code null} if there is only one
 * @param tenant the schema of the tenant, or {@code null} if it is not about tenants
 */
record TargetChoice(String property, @Nullable String database, @Nullable String tenant) {

	TidemarkException refused(String reason, String remedy) {
		return new TidemarkException(Problem.error(ErrorCode.DATABASE_UNCLEAR, null,
				"It is not clear which database " + this.property + " is about: " + reason + ".", remedy));
	}

}
