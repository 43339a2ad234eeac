package dev.tidemark.statement;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What a function or procedure is told about how it runs.
 *
 * @param language its language in lower case, or {@code null} if the statement names none
 * @param volatility what it promises, or {@code null} if the statement does not say
 * @param securityDefiner whether it runs with the rights of its owner, or {@code null} if
 * the statement does not say
 * @param settings the settings that it sets, in lower case, such as {@code search_path}
 * @param atomic whether its body is of SQL that was read when it was made
 * @since 0.1.0
 */
public record RoutineOptions(@Nullable String language, @Nullable Volatility volatility,
		@Nullable Boolean securityDefiner, Set<String> settings, boolean atomic) {

	/** Copies what it is given. */
	public RoutineOptions {
		settings = Set.copyOf(settings);
	}

}
