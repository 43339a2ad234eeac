package dev.tidemark.benchmark;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a run costs, counted and not timed: the same on every machine.
 *
 * @param connections how many connections it opened
 * @param roundTrips how often it waited for the server to be ready, those waits left out
 * that open a connection
 * @param queries how many statements the server executed, transaction control included
 * @param classes how many classes of ours the JVM loaded, those without a name left out
 * @param lambdas how many classes it made for our lambdas and method references
 * @param libraries how many classes of libraries it loaded, 0 for a Boot application,
 * which loads most of them for itself
 */
record Effort(int connections, int roundTrips, int queries, int classes, int lambdas, int libraries) {

	static Effort of(Launch launch, Traffic traffic, LoadedClasses loaded) {
		return new Effort(traffic.connections(), traffic.roundTrips(), traffic.queries(), loaded.ours().size(),
				loaded.lambdas(), launch.isBoot() ? 0 : loaded.libraries());
	}

	/**
	 * Returns the figures by what they count.
	 * @return the figures, in their order
	 */
	Map<String, Integer> figures() {
		Map<String, Integer> figures = new LinkedHashMap<>();
		figures.put("connections", this.connections);
		figures.put("round trips", this.roundTrips);
		figures.put("queries", this.queries);
		figures.put("classes", this.classes);
		figures.put("lambdas", this.lambdas);
		figures.put("classes of libraries", this.libraries);
		return figures;
	}

	/**
	 * Takes the smaller one of each two figures: on a slow machine, a run looks after its
	 * statements once more, and it never does less than it has to.
	 * @param other another count of the same
	 * @return the least of both
	 */
	Effort least(Effort other) {
		return new Effort(Math.min(this.connections, other.connections), Math.min(this.roundTrips, other.roundTrips),
				Math.min(this.queries, other.queries), Math.min(this.classes, other.classes),
				Math.min(this.lambdas, other.lambdas), Math.min(this.libraries, other.libraries));
	}

}
