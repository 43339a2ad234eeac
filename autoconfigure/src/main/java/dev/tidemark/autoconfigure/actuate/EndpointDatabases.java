package dev.tidemark.autoconfigure.actuate;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.springframework.context.ApplicationContext;

import dev.tidemark.Tenants;
import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.rollout.Backfills;

/**
 * The databases that a request may mean: those of a context and its parents.
 *
 * @param context the context
 */
record EndpointDatabases(ApplicationContext context) {

	/** Stands between the name of a bean and the schema of a tenant. */
	private static final String OF_TENANT = "/";

	/** Returns the context and its parents, the innermost first. */
	Stream<ApplicationContext> contexts() {
		return Stream.iterate(this.context, Objects::nonNull, ApplicationContext::getParent);
	}

	/** Returns the databases of all contexts but those of tenants. */
	List<Candidate> tidemarks() {
		return contexts().flatMap((current) -> tidemarks(current).stream()).toList();
	}

	/** Returns those of one context. */
	List<Candidate> tidemarks(ApplicationContext current) {
		List<Candidate> candidates = new ArrayList<>();
		current.getBeansOfType(Tidemark.class)
			.forEach((name, tidemark) -> candidates.add(new Candidate(current, name, tidemark)));
		return candidates;
	}

	/** Returns what a schema is to all who have tenants. */
	List<Candidate> tenants(String schema) {
		return contexts().flatMap((current) -> tenants(current, schema).stream()).toList();
	}

	/** Returns what a schema is to those of one context that have tenants. */
	List<Candidate> tenants(ApplicationContext current, String schema) {
		List<Candidate> candidates = new ArrayList<>();
		current.getBeansOfType(Tenants.class)
			.forEach((name, tenants) -> candidates
				.add(new Candidate(current, name + OF_TENANT + schema, tenants.in(schema))));
		return candidates;
	}

	boolean hasTenants() {
		return contexts().anyMatch((current) -> current.getBeanNamesForType(Tenants.class).length > 0);
	}

	/**
	 * Returns the database of a name.
	 * @throws TidemarkException if there is none
	 */
	Candidate named(String name) {
		int end = name.indexOf(OF_TENANT);
		List<Candidate> all = new ArrayList<>(tidemarks());
		if (end >= 0) {
			all.addAll(tenants(name.substring(end + OF_TENANT.length())));
		}
		return all.stream()
			.filter((candidate) -> candidate.name().equals(name))
			.findFirst()
			.orElseThrow(() -> unclear("Nothing is named '" + name + "'."));
	}

	/**
	 * Returns the only database that there is.
	 * @throws TidemarkException if there are several
	 */
	Candidate only() {
		List<Candidate> candidates = tidemarks();
		if (candidates.size() != 1 || hasTenants()) {
			throw unnamed();
		}
		return candidates.get(0);
	}

	/**
	 * Returns the backfills of what a name means: of one database, of a tenant, or of all
	 * tenants together.
	 * @param name the name
	 * @throws TidemarkException if nothing has it
	 */
	Backfills backfills(String name) {
		return allTenants().filter((owner) -> owner.name().equals(name))
			.findFirst()
			.map(Owner::backfills)
			.orElseGet(() -> named(name).tidemark().backfills());
	}

	/** Returns all that have backfills; tenants of a database count as one. */
	List<Owner> owners() {
		Stream<Owner> tidemarks = tidemarks().stream()
			.map((candidate) -> new Owner(candidate.name(), candidate.tidemark().backfills()));
		return Stream.concat(tidemarks, allTenants()).toList();
	}

	private Stream<Owner> allTenants() {
		return contexts().flatMap((current) -> current.getBeansOfType(Tenants.class).entrySet().stream())
			.map((tenants) -> new Owner(tenants.getKey(), tenants.getValue().backfills()));
	}

	TidemarkException unnamed() {
		return unclear("The request does not say which database is meant.");
	}

	TidemarkException unclear(String what) {
		String names = contexts().flatMap(EndpointDatabases::names).distinct().collect(Collectors.joining(", "));
		return new TidemarkException(Problem.error(ErrorCode.DATABASE_UNCLEAR, null, what,
				names.isEmpty() ? "Ask an application that has a Tidemark bean: this one has none."
						: "Name the one that is meant, as \"tidemark\" in the request: " + names + "."));
	}

	private static Stream<String> names(ApplicationContext current) {
		return Stream.concat(Stream.of(current.getBeanNamesForType(Tidemark.class)),
				Stream.of(current.getBeanNamesForType(Tenants.class)).map((name) -> name + OF_TENANT + "<schema>"));
	}

	/**
	 * A database that may be meant.
	 *
	 * @param context the context of its bean
	 * @param name the name of its bean, with the schema of a tenant
	 * @param tidemark migrates it
	 */
	record Candidate(ApplicationContext context, String name, Tidemark tidemark) {
	}

	/**
	 * One that has backfills.
	 *
	 * @param name the name of its bean
	 * @param backfills its backfills
	 */
	record Owner(String name, Backfills backfills) {
	}

}
