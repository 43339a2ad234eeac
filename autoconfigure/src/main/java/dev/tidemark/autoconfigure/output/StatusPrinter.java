package dev.tidemark.autoconfigure.output;

import java.util.List;
import java.util.stream.Collectors;

import dev.tidemark.autoconfigure.exit.Ending;
import dev.tidemark.autoconfigure.properties.Mode;
import dev.tidemark.autoconfigure.properties.PrintProperties;

/**
 * Prints how far all databases are, for {@link Mode#STATUS}.
 *
 * @since 0.1.0
 */
public final class StatusPrinter {

	private final PrintProperties properties;

	public StatusPrinter(PrintProperties properties) {
		this.properties = properties;
	}

	/**
	 * Prints what was seen.
	 * @param statuses that of all databases
	 * @return the end that they ask for
	 */
	public Ending print(List<Status> statuses) {
		new Printout("status", this.properties).print(text(statuses));
		return Ending.of(statuses.stream().flatMap((status) -> status.problems().stream()).toList(),
				statuses.stream().anyMatch(Status::isPending), this.properties.pendingExitCode());
	}

	private String text(List<Status> statuses) {
		return switch (this.properties.format()) {
			case TEXT -> statuses.stream()
				.map((status) -> StatusText.of(status, statuses.size() > 1))
				.collect(Collectors.joining("\n"));
			case JSON ->
				JsonParts.document(JsonParts.members("databases", statuses.stream().map(StatusJson::of).toList()));
		};
	}

}
