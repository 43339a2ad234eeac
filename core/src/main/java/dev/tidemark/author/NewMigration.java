package dev.tidemark.author;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.Phase;
import dev.tidemark.source.SourceSettings;
import dev.tidemark.source.folder.Exclusions;
import dev.tidemark.source.format.Naming;

/**
 * Makes the next migration file, for builds that have no plugin.
 *
 * @since 0.1.0
 */
public final class NewMigration {

	private static final List<String> OPTIONS = List.of("kind", "scheme", "git-ref", "version", "encoding",
			"versioned-prefix", "repeatable-prefix", "undo-prefix", "baseline-prefix", "separator", "suffixes",
			"exclude");

	private NewMigration() {
	}

	/**
	 * Makes a file and prints its path.
	 * @param arguments the folder, the description, and options:
	 * {@code --kind=versioned|backfill|contract|repeatable|undo|baseline},
	 * {@code --scheme=sequence|timestamp}, {@code --git-ref=origin/main} for a branch
	 * whose versions are taken too, {@code --version=7} for what an undo or a baseline is
	 * about, and how files are read: {@code --encoding}, {@code --versioned-prefix},
	 * {@code --repeatable-prefix}, {@code --undo-prefix}, {@code --baseline-prefix},
	 * {@code --separator}, {@code --suffixes} and {@code --exclude}, as the properties of
	 * the application
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
		Naming naming = new Naming(options.getOrDefault("versioned-prefix", Naming.DEFAULT_VERSIONED_PREFIX),
				options.getOrDefault("repeatable-prefix", Naming.DEFAULT_REPEATABLE_PREFIX),
				options.getOrDefault("undo-prefix", Naming.DEFAULT_UNDO_PREFIX),
				options.getOrDefault("baseline-prefix", Naming.DEFAULT_BASELINE_PREFIX),
				options.getOrDefault("separator", Naming.DEFAULT_SEPARATOR),
				List.of(options.getOrDefault("suffixes", Naming.DEFAULT_SUFFIX).split(",")));
		Charset encoding = encoding(options.getOrDefault("encoding", SourceSettings.DEFAULT_ENCODING));
		Scaffold scaffold = new Scaffold(Path.of(folder), naming, encoding, Clock.systemUTC(), new Exclusions(
				options.containsKey("exclude") ? List.of(options.get("exclude").split(",")) : List.of()));
		System.out.println(make(scaffold, options.getOrDefault("kind", "versioned"), description.toString().strip(),
				options.get("scheme"), options.get("git-ref"), options.get("version")));
	}

	private static void option(String text, Map<String, String> options) {
		int equals = text.indexOf('=');
		if (equals < 0 || !OPTIONS.contains(text.substring(0, equals))) {
			throw new IllegalArgumentException(
					"--" + text + " is no option; there are --" + String.join("=, --", OPTIONS) + "=");
		}
		options.put(text.substring(0, equals), text.substring(equals + 1));
	}

	/**
	 * Makes a file of what was typed.
	 * @param scaffold makes the file
	 * @param kind {@code versioned}, {@code backfill}, {@code contract},
	 * {@code repeatable}, {@code undo} or {@code baseline}
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
		if (version != null && !kind.equals("undo") && !kind.equals("baseline")) {
			throw new IllegalArgumentException("A version cannot be chosen for a new " + kind
					+ " migration; it is what an undo or a baseline is about");
		}
		return switch (kind) {
			case "versioned" -> versioned(scaffold, Phase.EXPAND, description, scheme, gitRef);
			case "backfill" -> versioned(scaffold, Phase.BACKFILL, description, scheme, gitRef);
			case "contract" -> versioned(scaffold, Phase.CONTRACT, description, scheme, gitRef);
			case "repeatable" -> scaffold.repeatable(description);
			case "undo" -> scaffold.undo((version != null) ? MigrationVersion.of(version) : null);
			case "baseline" -> scaffold.baseline(description, (version != null) ? MigrationVersion.of(version) : null);
			default -> throw new IllegalArgumentException("'" + kind
					+ "' is no kind of migration; there are versioned, backfill, contract, repeatable, undo and"
					+ " baseline");
		};
	}

	private static Path versioned(Scaffold scaffold, Phase phase, String description, @Nullable String scheme,
			@Nullable String gitRef) throws IOException {
		return scaffold.versioned(phase, description, (scheme != null) ? scheme(scheme) : null, gitRef);
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

	/**
	 * Reads the name of an encoding.
	 * @param name the name, such as {@code UTF-8}
	 * @return the encoding
	 * @throws IllegalArgumentException if there is none of that name
	 */
	public static Charset encoding(String name) {
		try {
			return Charset.forName(name);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("'" + name + "' is no encoding that Java knows", ex);
		}
	}

}
