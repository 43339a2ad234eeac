package dev.tidemark.benchmark;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A situation in which all contestants are measured.
 *
 * @param name what it is asked for by
 * @param title what readers are told
 * @param launch how contestants are started
 * @param applied what was applied before, or {@code null} for an empty database
 * @param files the migrations that a contestant finds
 */
record Scenario(String name, String title, Launch launch, @Nullable Corpus applied, Corpus files) {

	private static final int HUGE_MEGABYTES = 50;

	private static final int BOOT_FILES = 200;

	private static final int TENANT_FILES = 20;

	/** What Boot applications differ in is small beside what they have in common. */
	private static final int BOOT_ROUNDS_FACTOR = 3;

	private static final int TENANT_ROUNDS_DIVISOR = 3;

	/**
	 * Returns all scenarios. A new one is a line here.
	 * @param options the options of the run
	 * @return the scenarios, in the order in which they run
	 */
	static List<Scenario> all(Options options) {
		List<Scenario> scenarios = new ArrayList<>();
		for (int count : new int[] { 100, 1000, 5000 }) {
			scenarios
				.add(fresh("fresh-" + count, "Fresh database, %,d files".formatted(count), Corpus.generated(count)));
		}
		for (int count : new int[] { 100, 1000, 10000 }) {
			scenarios.add(nothingPending("nothing-pending-" + count, "Nothing pending, %,d applied".formatted(count),
					Launch.LIBRARY, Corpus.generated(count)));
		}
		scenarios.add(new Scenario("one-new", "One new file on top of 1,000", Launch.LIBRARY, Corpus.generated(1000),
				Corpus.generated(1001)));
		scenarios.add(fresh("huge", "One file of " + HUGE_MEGABYTES + " MB", Corpus.huge(HUGE_MEGABYTES)));
		if (options.files() != null) {
			Corpus files = Corpus.directory(options.files());
			scenarios.add(fresh("real-fresh", "Fresh database, real files", files));
			scenarios.add(nothingPending("real-nothing-pending", "Nothing pending, real files", Launch.LIBRARY, files));
		}
		Corpus tenants = Corpus.generated(TENANT_FILES);
		scenarios.add(new Scenario("tenants-%d".formatted(options.tenants()),
				"%,d new schemas, %d files each".formatted(options.tenants(), TENANT_FILES), Launch.TENANTS, null,
				tenants));
		scenarios.add(nothingPending("tenants-nothing-pending-%d".formatted(options.tenants()),
				"Nothing pending, %,d schemas with %d files each".formatted(options.tenants(), TENANT_FILES),
				Launch.TENANTS, tenants));
		Corpus boot = Corpus.generated(BOOT_FILES);
		scenarios.add(nothingPending("boot-jar", "Boot application, executable jar", Launch.BOOT_JAR, boot));
		scenarios.add(nothingPending("boot-class-path", "Boot application, extracted to a class path",
				Launch.BOOT_EXTRACTED, boot));
		scenarios.add(nothingPending("boot-service", "Boot service with web, JPA and Actuator, extracted",
				Launch.SERVICE_EXTRACTED, boot));
		return scenarios;
	}

	static Scenario fresh(String name, String title, Corpus files) {
		return new Scenario(name, title, Launch.LIBRARY, null, files);
	}

	static Scenario nothingPending(String name, String title, Launch launch, Corpus files) {
		return new Scenario(name, title, launch, files, files);
	}

	/**
	 * Tells whether a run changes the database, so that the next one needs another.
	 * @return {@code false} if nothing is pending
	 */
	boolean isPending() {
		return this.applied != this.files;
	}

	boolean isBoot() {
		return this.launch.isBoot();
	}

	/** An index is of use where files were applied before. */
	List<Contestant> contestants() {
		if (this.launch == Launch.TENANTS) {
			return List.of(Contestant.TIDEMARK, Contestant.FLYWAY, Contestant.FLYWAY_POOL);
		}
		List<Contestant> contestants = new ArrayList<>();
		contestants.add(isBoot() ? Contestant.NONE : Contestant.RAW);
		contestants.add(Contestant.TIDEMARK);
		if (this.applied != null) {
			contestants.add(Contestant.TIDEMARK_INDEX);
		}
		contestants.add(Contestant.FLYWAY);
		contestants.add(Contestant.LIQUIBASE);
		return contestants;
	}

	/** Many schemas take minutes, beside which a cold JVM does not count. */
	int rounds(int rounds) {
		if (this.launch == Launch.TENANTS) {
			return (rounds + 2) / TENANT_ROUNDS_DIVISOR;
		}
		return isBoot() ? rounds * BOOT_ROUNDS_FACTOR : rounds;
	}

}
