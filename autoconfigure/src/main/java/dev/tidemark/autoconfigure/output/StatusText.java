package dev.tidemark.autoconfigure.output;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import dev.tidemark.autoconfigure.output.Status.Seen;
import dev.tidemark.error.Problem;
import dev.tidemark.history.DatabaseIdentity;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.Phase;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.MigrationRun;
import dev.tidemark.run.inspect.Current;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.sql.PlainText;
import dev.tidemark.tenant.TenantsInspection;

/**
 * Writes for people how far a database is.
 */
final class StatusText {

	private final StringBuilder text = new StringBuilder();

	private StatusText() {
	}

	/**
	 * Writes the status of a database.
	 * @param status what was seen
	 * @param named whether there are others, so that its name is needed
	 */
	static String of(Status status, boolean named) {
		StatusText text = new StatusText();
		if (named) {
			text.line(status.database() + ":");
		}
		return status.either(text::schema, text::tenants);
	}

	private String schema(Status.OfSchema status) {
		Inspection inspection = status.inspection();
		DatabaseIdentity database = inspection.database();
		line(((database != null)
				? "Database " + database.name() + ", schema " + database.schema() + version(inspection.currentVersion())
				: "Database not seen") + ": " + summary(status.state(), inspection.in(MigrationState.PENDING).size()));
		if (inspection.lockHolder() != null) {
			line("Another instance is migrating now: " + inspection.lockHolder());
			current(inspection.current());
		}
		List<Seen> migrations = status.migrations();
		if (!migrations.isEmpty()) {
			TextTable table = new TextTable("version", "description", "state", "kind", "installed on", "by", ">ms",
					"file");
			migrations.forEach((seen) -> row(table, seen));
			table(table);
			waiting(inspection);
		}
		problems(status.problems());
		return this.text.toString();
	}

	private void waiting(Inspection inspection) {
		List<MigrationInfo> waiting = inspection.in(MigrationState.WAITING);
		if (!waiting.isEmpty()) {
			line("");
			waiting.forEach((migration) -> line("Waiting: the " + migration.phase() + " of "
					+ migration.identity().inWords() + ": " + migration.reason()));
		}
	}

	/** What can be seen of the session alone has been said. */
	private void current(@Nullable Current current) {
		if (current != null && current.migration() != null) {
			line("It is at: " + current);
		}
	}

	private static String version(@Nullable MigrationVersion version) {
		return (version != null) ? ", version " + version : ", without a version";
	}

	private static String summary(Inspection.State state, int pending) {
		return switch (state) {
			case UP_TO_DATE -> "up to date.";
			case PENDING -> pending(pending) + ".";
			case RUNNING -> "an instance is migrating, " + pending(pending) + ".";
			case BLOCKED -> "problems are told below, " + pending(pending) + ".";
			case UNREACHABLE -> "it does not answer.";
		};
	}

	private static String pending(int pending) {
		return (pending == 0) ? "nothing is pending"
				: (pending == 1) ? "1 migration is pending" : pending + " migrations are pending";
	}

	private static void row(TextTable table, Seen seen) {
		MigrationVersion version = seen.migration().version();
		MigrationRun run = seen.lastRun();
		table.add((version != null) ? version.toString() : "", seen.migration().description(),
				seen.migration().state().toString(), kind(seen.migration()),
				(run != null) ? seconds(StatusJson.installedOn(run)) : "",
				(run != null) ? run.author().installedBy() : "", (run != null) ? millis(run.duration()) : "",
				seen.migration().script());
	}

	/** Of versions, the phase tells more. */
	private static String kind(MigrationInfo migration) {
		return (migration.phase() != Phase.EXPAND) ? migration.phase().toString() : migration.kind();
	}

	private static String seconds(@Nullable Instant instant) {
		return (instant != null) ? instant.truncatedTo(ChronoUnit.SECONDS).toString() : "";
	}

	private static String millis(@Nullable Duration duration) {
		return (duration != null) ? Long.toString(duration.toMillis()) : "";
	}

	private String tenants(Status.OfTenants status) {
		TenantsInspection inspection = status.inspection();
		List<TenantsInspection.Tenant> tenants = inspection.tenants();
		if (inspection.state() == Inspection.State.UNREACHABLE && tenants.isEmpty()) {
			line("Database not seen: it does not answer.");
		}
		else {
			long done = inspection.in(Inspection.State.UP_TO_DATE).size();
			line(String.format(Locale.ROOT, "%,d of %,d schemas are up to date.", done, tenants.size()));
		}
		if (!tenants.isEmpty()) {
			TextTable table = new TextTable("schema", "version", "state", ">pending");
			tenants.forEach((tenant) -> table.add(tenant.schema(),
					(tenant.currentVersion() != null) ? tenant.currentVersion().toString() : "",
					tenant.state().toString(), Integer.toString(tenant.pending())));
			table(table);
		}
		problems(inspection.problems());
		tenants.stream().filter((tenant) -> !tenant.problems().isEmpty()).forEach((tenant) -> {
			line("");
			line("Schema " + tenant.schema());
			problems(tenant.problems());
		});
		return this.text.toString();
	}

	private void table(TextTable table) {
		line("");
		this.text.append(table);
	}

	private void problems(List<Problem> problems) {
		for (Problem problem : problems) {
			line("");
			// Its lines are indented by itself.
			this.text.append(problem.isError() ? "Problem: " : "Warning: ").append(problem).append('\n');
		}
	}

	private void line(String content) {
		this.text.append(PlainText.line(content)).append('\n');
	}

}
