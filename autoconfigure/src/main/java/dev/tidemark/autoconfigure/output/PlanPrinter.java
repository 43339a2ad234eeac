package dev.tidemark.autoconfigure.output;

import java.util.List;
import java.util.stream.Collectors;

import dev.tidemark.autoconfigure.exit.Ending;
import dev.tidemark.autoconfigure.properties.Mode;
import dev.tidemark.autoconfigure.properties.PrintProperties;
import dev.tidemark.sql.PlainText;

/**
 * Prints what migrations would run, for {@link Mode#PLAN}.
 *
 * @since 0.1.0
 */
public final class PlanPrinter {

	private final PrintProperties properties;

	public PlanPrinter(PrintProperties properties) {
		this.properties = properties;
	}

	/**
	 * Prints plans.
	 * @param starts the plans of all databases
	 * @return the end that they ask for
	 */
	public Ending print(List<PlannedStart> starts) {
		new Printout("plan", this.properties).print(text(starts));
		return Ending.of(starts.stream().flatMap((start) -> start.problems().stream()).toList(),
				starts.stream().anyMatch(PlannedStart::isPending), this.properties.pendingExitCode());
	}

	private String text(List<PlannedStart> starts) {
		boolean several = starts.stream().map(PlannedStart::database).distinct().count() > 1;
		return switch (this.properties.format()) {
			case TEXT -> starts.stream()
				.map((start) -> (several ? PlainText.line(String.valueOf(start.database())) + ":\n" : "") + start)
				.collect(Collectors.joining("\n"));
			case JSON -> PlanJson.of(starts);
		};
	}

}
