package dev.tidemark.autoconfigure;

import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.Tidemark;
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

	/**
	 * Returns what migrates that schema.
	 * @param targets all that there are
	 * @throws TidemarkException if it is not clear which one it is
	 */
	Tidemark among(List<StartTarget> targets) {
		List<StartTarget> named = targets.stream()
			.filter((target) -> this.database == null || this.database.equals(target.name()))
			.toList();
		if (named.size() == 1) {
			return named.get(0).chosen(this);
		}
		String names = targets.stream().map(StartTarget::name).collect(Collectors.joining(", "));
		throw (this.database == null || !named.isEmpty())
				? refused("there are several databases: " + names,
						"Set " + this.property + ".database to the name of one, or use the endpoint.")
				: refused("there is no database named '" + this.database + "', only " + names,
						"Correct " + this.property + ".database.");
	}

	TidemarkException refused(String reason, String remedy) {
		return new TidemarkException(Problem.error(ErrorCode.DATABASE_UNCLEAR, null,
				"It is not clear which database " + this.property + " is about: " + reason + ".", remedy));
	}

}
