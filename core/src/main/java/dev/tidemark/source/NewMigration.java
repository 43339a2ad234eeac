package dev.tidemark.source;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.TidemarkException;

/**
 * Makes the next migration file, for builds that have no plugin.
 */
public final class NewMigration {

	private static final Set<String> OPTIONS = Set.of("kind", "scheme", "git-ref", "version");

	private NewMigration() {
	}

	/**
	 * Makes a file and prints its path.
	 * @param arguments the folder, the description, and options:
	 * {@code --kind=versioned|repeatable|undo|baseline},
	 * {@code --scheme=sequence|timestamp}, {@code --git-ref=origin/main} for a branch
	 * whose versions are taken too, and {@code --version=7} for what an undo or a
	 * baseline is about
	 * @throws IOException if it cannot be written, or exists already
	 * @throws TidemarkException if something is wrong with the files that are there
	 * @throws IllegalArgumentException if an argument cannot be understood
	 */
	public static void main(String... arguments) throws IOException {
		Map<String, String> options = new HashMap<>();
		StringBuilder description = new StringBuilder();
		String folder = null;
		for (String argument : arguments) {
			if (argument.startsWith("--")) {
				option(argument.substring(2), options);
			}
			else if (folder == null) {
				folder = argument;
			}
			else {
				description.append(' ').append(argument);
			}
		}
		if (folder == null) {
			throw new IllegalArgumentException("Name the folder of the migrations, and say what the new one does");
		}
		Scaffold scaffold = new Scaffold(Path.of(folder), Naming.DEFAULT, Clock.systemUTC());
		System.out.println(make(scaffold, options.getOrDefault("kind", "versioned"), description.toString().strip(),
				options.get("scheme"), options.get("git-ref"), options.get("version")));
	}

	private static void option(String text, Map<String, String> options) {
		int equals = text.indexOf('=');
		if (equals < 0 || !OPTIONS.contains(text.substring(0, equals))) {
			throw new IllegalArgumentException(
					"--" + text + " is no option; there are --kind=, --scheme=, --git-ref= and --version=");
		}
		options.put(text.substring(0, equals), text.substring(equals + 1));
	}

	/**
	 * Makes a file of what was typed.
	 * @param scaffold makes the file
	 * @param kind {@code versioned}, {@code repeatable}, {@code undo} or {@code baseline}
	 * @param description what it does, in words
	 * @param scheme {@code sequence}, {@code timestamp}, or {@code null} to go on as the
	 * newest version began
	 * @param gitRef a branch or tag of git whose versions are taken too, or {@code null}
	 * @param version the version to undo, or that a baseline reaches, or {@code null} for
	 * the newest one
	 * @return the file
	 * @throws IOException if it cannot be written, or exists already
	 * @throws TidemarkException if something is wrong with the files that are there
	 * @throws IllegalArgumentException if something cannot be understood
	 */
	public static Path make(Scaffold scaffold, String kind, String description, @Nullable String scheme,
			@Nullable String gitRef, @Nullable String version) throws IOException {
		return switch (kind) {
			case "versioned" -> scaffold.versioned(description, (scheme != null) ? scheme(scheme) : null, gitRef);
			case "repeatable" -> scaffold.repeatable(description);
			case "undo" -> scaffold.undo((version != null) ? MigrationVersion.of(version) : null);
			case "baseline" -> scaffold.baseline(description, (version != null) ? MigrationVersion.of(version) : null);
			default -> throw new IllegalArgumentException(
					"'" + kind + "' is no kind of migration; there are versioned, repeatable, undo and baseline");
		};
	}

	private static VersionScheme scheme(String text) {
		try {
			return VersionScheme.valueOf(text.toUpperCase(Locale.ROOT));
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException(
					"'" + text + "' is no scheme of versions; there are sequence and timestamp", ex);
		}
	}

}
