package dev.tidemark.autoconfigure.properties;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.session.settings.AsynchronousCommit;
import dev.tidemark.session.settings.SessionSettings;

import static dev.tidemark.autoconfigure.properties.Unset.orElse;

/**
 * What a run is about, and how its statements run.
 *
 * @param target Newest version to run; without one all versions run. Quote it in YAML,
 * which takes 1.10 for the number 1.1.
 * @param cherryPick Comma-separated list of the only versions and repeatables to run.
 * @param skip Versions and repeatables that do not run, each with the reason, as in
 * "tidemark.run.skip.1.2=done by hand".
 * @param environments Comma-separated list of names of this environment, for files with
 * the directive "only". Defaults to the active profiles.
 * @param statementTimeout Time that a statement may run; zero for no limit.
 * @param asynchronousCommit Whether a run may go on before the commit of a migration in
 * its middle is on disk.
 * @since 0.1.0
 */
public record RunProperties(@Nullable MigrationVersion target, List<Identity> cherryPick, Map<String, String> skip,
		List<String> environments, Duration statementTimeout, AsynchronousCommit asynchronousCommit) {

	/** What is used if nothing is configured. */
	static final RunProperties DEFAULT = new RunProperties(null, List.of(), Map.of(), List.of(),
			SessionSettings.DEFAULT_STATEMENT_TIMEOUT, SessionSettings.DEFAULT_ASYNCHRONOUS_COMMIT);

	/** Takes what is set to nothing for not set, and defaults for what is not set. */
	public RunProperties {
		cherryPick = List.copyOf(orElse(cherryPick, List.of()));
		skip = Map.copyOf(orElse(skip, Map.of()));
		environments = List.copyOf(orElse(environments, List.of()));
		statementTimeout = orElse(statementTimeout, SessionSettings.DEFAULT_STATEMENT_TIMEOUT);
		asynchronousCommit = orElse(asynchronousCommit, SessionSettings.DEFAULT_ASYNCHRONOUS_COMMIT);
	}

}
