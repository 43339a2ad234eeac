package dev.tidemark.tenant;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.Severity;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.tenant.TenantOutcome.State;

/**
 * Says that schemas of tenants could not be migrated, or are not as expected. Its first
 * problem names them; each further one is what is wrong with one of them, and with others
 * in the same way.
 *
 * @since 0.1.0
 */
public class TenantsFailedException extends TidemarkException {

	private static final long serialVersionUID = 1L;

	private static final int NAMED = 20;

	private static final int TOLD = 10;

	private final transient TenantsResult result;

	public TenantsFailedException(TenantsResult result) {
		super(problems(result));
		this.result = result;
	}

	/**
	 * Returns what became of every tenant.
	 * @return the result
	 */
	public TenantsResult result() {
		return this.result;
	}

	private static List<Problem> problems(TenantsResult result) {
		List<TenantOutcome> failed = result.in(State.FAILED);
		List<Problem> problems = new ArrayList<>();
		problems.add(summary(result, failed));
		Map<Kind, List<TenantOutcome>> kinds = failed.stream()
			.collect(Collectors.groupingBy((outcome) -> Kind.of(problem(outcome)), LinkedHashMap::new,
					Collectors.toList()));
		kinds.values().stream().limit(TOLD).forEach((alike) -> problems.add(first(alike)));
		return problems;
	}

	private static Problem summary(TenantsResult result, List<TenantOutcome> failed) {
		int done = result.in(State.UP_TO_DATE).size() + result.in(State.MIGRATED).size();
		int left = result.in(State.NOT_BEGUN).size();
		String what = failed.isEmpty() ? String.format(Locale.ROOT, "The run was ended before %,d schemas.", left)
				: String.format(Locale.ROOT, "%,d of %,d schemas failed: %s.", failed.size(), result.outcomes().size(),
						named(failed));
		return new Problem(ErrorCode.TENANTS_FAILED, Severity.ERROR, what, null, null,
				String.format(Locale.ROOT,
						"%,d schemas are up to date, %,d were not begun; each has a history of its own.", done, left),
				"Correct what is wrong with them and start again; schemas that are up to date cost next to nothing.");
	}

	private static String named(List<TenantOutcome> outcomes) {
		String names = outcomes.stream()
			.limit(NAMED)
			.map((outcome) -> outcome.quotedSchema() + " (" + problem(outcome).code() + ")")
			.collect(Collectors.joining(", "));
		return (outcomes.size() > NAMED) ? names + " and " + (outcomes.size() - NAMED) + " more" : names;
	}

	private static Problem first(List<TenantOutcome> alike) {
		Problem problem = problem(alike.get(0));
		String others = (alike.size() > 1) ? ", and " + (alike.size() - 1) + " more in the same way" : "";
		return new Problem(problem.code(), problem.severity(),
				"Schema " + alike.get(0).quotedSchema() + others + ": " + problem.what(), problem.place(),
				problem.server(), problem.state(), problem.remedy());
	}

	static Problem problem(TenantOutcome outcome) {
		TidemarkException failure = outcome.failure();
		if (failure == null) {
			throw new IllegalArgumentException("'outcome' must be a failure");
		}
		return failure.problems().get(0);
	}

	/** What makes two failures the same. */
	record Kind(ErrorCode code, @Nullable String script, @Nullable Integer statement) {

		static Kind of(Problem problem) {
			Place place = problem.place();
			return new Kind(problem.code(), (place != null) ? place.script() : null,
					(place != null) ? place.statement() : null);
		}

	}

}
