package dev.tidemark.autoconfigure;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Prints how far all databases are, for {@link Mode#STATUS}.
 */
final class StatusPrinter {

	private final PrintProperties properties;

	StatusPrinter(PrintProperties properties) {
		this.properties = properties;
	}

	/**
	 * Prints what was seen.
	 * @param statuses that of all databases
	 * @return the end that they ask for
	 */
	Ending print(List<Status> statuses) {
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
