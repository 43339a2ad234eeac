package dev.tidemark.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Runs scenarios: all contestants once while the server is watched, then one after the
 * other in each round. Who begins changes with the round.
 */
final class Trials {

	private static final String EMPTY = "template0";

	private final DatabaseServer server;

	private final Packer packer;

	private final Options options;

	private final Set<String> prepared = new HashSet<>();

	/**
	 * Databases whose measurement is over. They go when their scenario is: a file system
	 * that has just deleted their many files is slower for whoever comes next.
	 */
	private final List<String> used = new ArrayList<>();

	Trials(DatabaseServer server, Packer packer, Options options) {
		this.server = server;
		this.packer = packer;
		this.options = options;
	}

	ScenarioResult run(Scenario scenario) throws IOException {
		Map<Contestant, Traffic> traffic = new EnumMap<>(Contestant.class);
		Map<Contestant, String> failures = new EnumMap<>(Contestant.class);
		Map<Contestant, List<Measurement>> measurements = new EnumMap<>(Contestant.class);
		List<Contestant> contestants = new ArrayList<>(scenario.contestants());
		int rounds = scenario.rounds(this.options.rounds());
		for (int round = 0; round <= rounds; round++) {
			for (Contestant contestant : List.copyOf(contestants)) {
				try {
					if (round == 0) {
						traffic.put(contestant, watch(scenario, contestant));
						continue;
					}
					Measurement measurement = measure(scenario, contestant);
					measurements.computeIfAbsent(contestant, (key) -> new ArrayList<>()).add(measurement);
					System.out.printf(Locale.ROOT, "%s %d/%d %s: %,.0f ms%n", scenario.name(), round, rounds,
							contestant.title(), measurement.call());
				}
				catch (JavaProcess.FailedException ex) {
					failures.put(contestant, ex.reason());
					contestants.remove(contestant);
					measurements.remove(contestant);
				}
			}
			Collections.rotate(contestants, 1);
		}
		this.used.forEach(this.server::dropDatabase);
		this.used.clear();
		List<Outcome> outcomes = scenario.contestants()
			.stream()
			.map((contestant) -> new Outcome(contestant, traffic.get(contestant),
					measurements.getOrDefault(contestant, List.of()), failures.get(contestant)))
			.toList();
		return new ScenarioResult(scenario.name(), scenario.title(), scenario.isBoot(), outcomes);
	}

	private Measurement measure(Scenario scenario, Contestant contestant) throws IOException {
		String database = database(scenario, contestant);
		Measurement measurement = migrate(scenario.launch(), contestant, scenario.files(),
				url(this.server.port(), database));
		requireApplied(scenario.launch(), contestant, database, scenario.files());
		return measurement;
	}

	private Traffic watch(Scenario scenario, Contestant contestant, String... options) throws IOException {
		String database = database(scenario, contestant);
		try (CountingRelay relay = new CountingRelay(this.server.port())) {
			this.server.countQueries(database);
			migrate(scenario.launch(), contestant, scenario.files(), url(relay.port(), database), options);
			Traffic traffic = new Traffic(relay.connections(), relay.roundTrips(),
					this.server.countedQueries(database));
			requireApplied(scenario.launch(), contestant, database, scenario.files());
			return traffic;
		}
	}

	/**
	 * Counts what a contestant needs, in figures that no other load of the machine
	 * changes.
	 * @param scenario the scenario
	 * @param contestant the contestant
	 * @param log where the JVM notes the classes that it loads
	 * @return what it needed
	 */
	Effort count(Scenario scenario, Contestant contestant, Path log) throws IOException {
		// A pool opens connections when it likes, unless it may have only one.
		Traffic traffic = watch(scenario, contestant, "-Xlog:class+load:file=" + log + ":none",
				"-Dspring.datasource.hikari.maximum-pool-size=1");
		return Effort.of(scenario.launch(), traffic, LoadedClasses.read(log));
	}

	/** What does not change its database can share it with the next. */
	private String database(Scenario scenario, Contestant contestant) throws IOException {
		Corpus applied = scenario.applied();
		String template = (applied != null) ? prepare(scenario.launch(), contestant, applied) : EMPTY;
		if (!scenario.isPending()) {
			return template;
		}
		String database = "run_%s_%d".formatted(contestant.name().toLowerCase(Locale.ROOT), this.used.size());
		this.server.createDatabase(database, template);
		this.used.add(database);
		return database;
	}

	/** Each contestant makes its own history, once for all scenarios that need it. */
	private String prepare(Launch launch, Contestant contestant, Corpus corpus) throws IOException {
		String name = "%s_%s_%s".formatted(launch, contestant, corpus.name())
			.toLowerCase(Locale.ROOT)
			.replace('-', '_');
		if (!this.prepared.contains(name)) {
			this.server.createDatabase(name, EMPTY);
			migrate(launch, contestant, corpus,
					url(this.server.port(), name) + "&options=-c%20synchronous_commit%3Doff");
			requireApplied(launch, contestant, name, corpus);
			this.prepared.add(name);
		}
		return name;
	}

	private void requireApplied(Launch launch, Contestant contestant, String database, Corpus corpus) {
		String table = contestant.historyTable();
		if (table != null) {
			int rows = this.server.rows(database, table);
			int expected = corpus.files().size() * ((launch == Launch.TENANTS) ? this.options.tenants() : 1);
			if (rows != expected) {
				throw new IllegalStateException(
						"%s has recorded %d of %d migrations".formatted(contestant.title(), rows, expected));
			}
		}
	}

	private Measurement migrate(Launch launch, Contestant contestant, Corpus corpus, String url, String... options)
			throws IOException {
		List<String> arguments = new ArrayList<>(List.of(options));
		arguments.add("-Xmx" + this.options.heap());
		arguments.add("-Dbenchmark.url=" + url);
		arguments.add("-Dbenchmark.user=" + DatabaseServer.USER);
		arguments.add("-Dbenchmark.password=" + DatabaseServer.PASSWORD);
		arguments.add("-Dbenchmark.tenants=" + this.options.tenants());
		arguments.addAll(this.packer.pack(launch, contestant, corpus));
		return Measurement.in(JavaProcess.run(arguments));
	}

	private static String url(int port, String database) {
		return "jdbc:postgresql://localhost:" + port + "/" + database + "?sslmode=disable";
	}

}
