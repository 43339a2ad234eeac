package dev.tidemark.source;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;

/**
 * Reads file names by the rules of a {@link Naming}.
 */
final class FileNameParser {

	private static final Pattern CALLBACK = Pattern.compile(
			"(?i)(before|after)(Baseline|Clean|Connect|CreateSchema|Deploy|Each|Info|Migrate|Repair|Repeatable|Undo|Validate"
					+ "|Version).*|createSchema.*");

	/** Events of Flyway that have no meaning here. */
	private static final Pattern FOREIGN_EVENT = Pattern.compile(
			"(before|after)((Baseline|Clean|Connect|Deploy|Info|Repair)(Error|OperationFinish)?|ValidateOperationFinish)");

	private final Naming naming;

	FileNameParser(Naming naming) {
		this.naming = naming;
	}

	FileName parse(String name, String script) {
		Optional<String> suffix = suffixOf(name);
		if (suffix.isEmpty()) {
			return new FileName.Ignored();
		}
		String base = name.substring(0, name.length() - suffix.get().length());
		if (!name.endsWith(suffix.get())) {
			return nearMiss(script, "its suffix is not written " + suffix.get());
		}
		return parseBase(base, script);
	}

	/** Tells whether the file configures another one, however its end is written. */
	boolean isConfiguration(String name) {
		int end = name.length() - ScriptConfiguration.SUFFIX.length();
		return name.regionMatches(true, end, ScriptConfiguration.SUFFIX, 0, ScriptConfiguration.SUFFIX.length())
				&& suffixOf(name.substring(0, end)).isPresent();
	}

	private Optional<String> suffixOf(String name) {
		for (String suffix : this.naming.suffixes()) {
			if (name.regionMatches(true, name.length() - suffix.length(), suffix, 0, suffix.length())) {
				return Optional.of(suffix);
			}
		}
		return Optional.empty();
	}

	private FileName parseBase(String base, String script) {
		Parts parts = Parts.of(base, this.naming.versionedPrefix(), this.naming.separator());
		if (parts != null) {
			Optional<MigrationVersion> version = MigrationVersion.parse(parts.version());
			if (version.isPresent()) {
				return isPhased(base) ? unsupported(script, "backfill and contract phases")
						: new FileName.Known(new Identity.Versioned(version.get()), words(parts.description()));
			}
		}
		parts = Parts.of(base, this.naming.repeatablePrefix(), this.naming.separator());
		if (parts != null && parts.version().isEmpty() && !parts.description().isBlank()) {
			String name = words(parts.description());
			return new FileName.Known(new Identity.Repeatable(name), name);
		}
		return parseOther(base, script);
	}

	private static boolean isPhased(String base) {
		return base.endsWith(".backfill") || base.endsWith(".contract");
	}

	private FileName parseOther(String base, String script) {
		Parts undo = Parts.of(base, this.naming.undoPrefix(), this.naming.separator());
		Optional<MigrationVersion> undone = version(undo);
		if (undo != null && undone.isPresent()) {
			return new FileName.Undo(new Identity.Versioned(undone.get()), words(undo.description()));
		}
		Parts baseline = Parts.of(base, this.naming.baselinePrefix(), this.naming.separator());
		Optional<MigrationVersion> reached = version(baseline);
		if (baseline != null && reached.isPresent()) {
			return isPhased(base) ? unsupported(script, "phases of baseline files")
					: new FileName.Known(new Identity.Baseline(reached.get()), words(baseline.description()));
		}
		if (CALLBACK.matcher(base).matches()) {
			return callback(base, script);
		}
		for (String prefix : List.of(this.naming.versionedPrefix(), this.naming.repeatablePrefix(),
				this.naming.undoPrefix(), this.naming.baselinePrefix())) {
			if (looksLike(base, prefix)) {
				return nearMiss(script, explain(base));
			}
		}
		return new FileName.Doubtful(Problem.warning(ErrorCode.FILE_NAME, Place.file(script),
				"The file is not a migration by its name and is not run.",
				"Name it " + example() + " if it is one, or move it out of the location."));
	}

	private static Optional<MigrationVersion> version(@Nullable Parts parts) {
		return (parts != null) ? MigrationVersion.parse(parts.version()) : Optional.empty();
	}

	private FileName callback(String base, String script) {
		int separator = base.indexOf(this.naming.separator());
		String name = (separator < 0) ? base : base.substring(0, separator);
		String description = (separator < 0) ? "" : words(base.substring(separator + this.naming.separator().length()));
		return CallbackEvent.parse(name)
			.<FileName>map((event) -> new FileName.Callback(event, description))
			.orElseGet(() -> new FileName.Doubtful(noEvent(name, script)));
	}

	private static Problem noEvent(String name, String script) {
		if (FOREIGN_EVENT.matcher(name).matches()) {
			return Problem.error(ErrorCode.CALLBACK_EVENT, Place.file(script),
					"Tidemark has no event " + name + ", so the file would never run.",
					name.endsWith("Connect")
							? "Put its statements into tidemark.init-sql, which begins every session, and remove it."
							: "Move the file out of the location.");
		}
		return Problem.error(ErrorCode.FILE_NAME, Place.file(script),
				"The file looks like a callback, but there is no event " + name + ".",
				"Rename it to the form afterMigrate__description.sql, with the name of one of the events "
						+ Arrays.stream(CallbackEvent.values())
							.map(CallbackEvent::toString)
							.collect(Collectors.joining(", "))
						+ ", or move it out of the location.");
	}

	/**
	 * Whether the name begins like one: the prefix in any case, then what is no word.
	 */
	private boolean looksLike(String base, String prefix) {
		if (!base.regionMatches(true, 0, prefix, 0, prefix.length())) {
			return base.matches("\\d.*") && base.contains(this.naming.separator());
		}
		String rest = base.substring(prefix.length());
		int separator = rest.indexOf(this.naming.separator());
		return separator == 0 || rest.matches("(?s)[\\d._ -].*")
				|| (separator > 0 && rest.substring(0, separator).matches(".*\\d.*"));
	}

	private String explain(String base) {
		String prefix = this.naming.versionedPrefix();
		if (!prefix.isEmpty() && base.regionMatches(true, 0, prefix, 0, prefix.length()) && !base.startsWith(prefix)) {
			return "its prefix is not written " + prefix;
		}
		if (!base.contains(this.naming.separator())) {
			return "the separator " + this.naming.separator() + " is missing";
		}
		return "its version is not made of digits, parted by . or _";
	}

	private FileName nearMiss(String script, String reason) {
		return new FileName.Doubtful(Problem.error(ErrorCode.FILE_NAME, Place.file(script),
				"The file looks like a migration, but " + reason + ".",
				"Rename it to the form " + example() + " or " + this.naming.repeatablePrefix() + this.naming.separator()
						+ "description" + this.naming.suffixes().get(0) + ", or move it out of the location."));
	}

	private String example() {
		return this.naming.versionedPrefix() + "1" + this.naming.separator() + "description"
				+ this.naming.suffixes().get(0);
	}

	private static FileName unsupported(String script, String kind) {
		return new FileName.Doubtful(Problem.error(ErrorCode.FILE_KIND, Place.file(script),
				"This version of Tidemark does not support " + kind + " yet, and will not pass over the file.",
				"Move the file out of the location, or use a version that supports it."));
	}

	private static String words(String description) {
		return description.replace('_', ' ').strip();
	}

	/** The text between prefix and separator, and the one after it. */
	private record Parts(String version, String description) {

		static @Nullable Parts of(String base, String prefix, String separator) {
			if (!base.startsWith(prefix)) {
				return null;
			}
			String rest = base.substring(prefix.length());
			int at = rest.indexOf(separator);
			return (at < 0) ? new Parts(rest, "")
					: new Parts(rest.substring(0, at), rest.substring(at + separator.length()));
		}

	}

}
