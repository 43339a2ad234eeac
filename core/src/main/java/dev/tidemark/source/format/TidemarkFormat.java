package dev.tidemark.source.format;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.SettingNames;
import dev.tidemark.migration.CallbackEvent;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;

/**
 * The format of Tidemark's own files, which Flyway's have too: a file is what its name
 * says by the rules of a {@link Naming}, in whatever folder it lies.
 *
 * @since 0.1.0
 */
public final class TidemarkFormat implements FileFormat {

	private static final Pattern CALLBACK = Pattern.compile(
			"(?i)(before|after)(Baseline|Clean|Connect|CreateSchema|Deploy|Each|Info|Migrate|Repair|Repeatable|Undo|Validate"
					+ "|Version).*|createSchema.*");

	/** Events of Flyway that have no meaning here. */
	private static final Pattern FOREIGN_EVENT = Pattern.compile(
			"(before|after)((Baseline|Clean|Connect|Deploy|Info|Repair)(Error|OperationFinish)?|ValidateOperationFinish)");

	/** A version, and then what is no part of it. */
	private static final Pattern VERSION_FIRST = Pattern.compile("\\d++(?:[._]\\d++)*+(?![\\p{L}\\d])");

	/** A version and a name that are parted by something else than the separator. */
	private static final Pattern VERSION_AND_NAME = Pattern.compile("(\\d++(?:[._]\\d++)*+)[_ .-]++(\\D.*+)");

	/** A name behind something else than the separator. */
	private static final Pattern NAME_ONLY = Pattern.compile("()[_ .-]++(.++)");

	private final Naming naming;

	public TidemarkFormat(Naming naming) {
		this.naming = naming;
	}

	@Override
	public FileName parse(String path) {
		String name = name(path);
		Optional<String> suffix = suffixOf(name);
		if (suffix.isEmpty()) {
			return new FileName.Ignored();
		}
		String base = name.substring(0, name.length() - suffix.get().length());
		FileName parsed = parseBase(base, suffix.get());
		if (name.endsWith(suffix.get()) || (parsed instanceof FileName.Doubtful doubtful && !doubtful.isError())) {
			return parsed;
		}
		return nearMiss("its suffix is not written " + suffix.get(),
				(parsed instanceof FileName.Doubtful) ? renamed(base, suffix.get()) : base + suffix.get());
	}

	@Override
	public boolean isConfiguration(String path) {
		String name = name(path);
		int end = name.length() - ScriptConfiguration.SUFFIX.length();
		return name.regionMatches(true, end, ScriptConfiguration.SUFFIX, 0, ScriptConfiguration.SUFFIX.length())
				&& suffixOf(name.substring(0, end)).isPresent();
	}

	private static String name(String path) {
		return path.substring(path.lastIndexOf('/') + 1);
	}

	private Optional<String> suffixOf(String name) {
		for (String suffix : this.naming.suffixes()) {
			if (name.regionMatches(true, name.length() - suffix.length(), suffix, 0, suffix.length())) {
				return Optional.of(suffix);
			}
		}
		return Optional.empty();
	}

	private FileName parseBase(String base, String suffix) {
		FileName valid = valid(base);
		return (valid != null) ? valid : parseOther(base, suffix);
	}

	/** Returns what a name says that follows the naming, else {@code null}. */
	private @Nullable FileName valid(String base) {
		PhaseOfName phased = PhaseOfName.of(base);
		FileName name = validWithoutPhase(phased.rest());
		if (name == null || !phased.isMeant()) {
			return name;
		}
		boolean versioned = name instanceof FileName.Known known && known.identity().isVersioned();
		if (versioned && phased.phase() != null && !PhaseOfName.of(phased.rest()).isMeant()) {
			FileName.Known known = (FileName.Known) name;
			return new FileName.Known(known.identity(), phased.phase(), known.description());
		}
		if (versioned) {
			return unclearPhase(phased);
		}
		return (phased.phase() != null) ? withoutPhases(name, phased) : validWithoutPhase(base);
	}

	private @Nullable FileName validWithoutPhase(String base) {
		Parts parts = Parts.of(base, this.naming.versionedPrefix(), this.naming.separator());
		if (parts != null) {
			Optional<MigrationVersion> version = MigrationVersion.parse(parts.version());
			if (version.isPresent()) {
				return new FileName.Known(new Identity.Versioned(version.get()), words(parts.description()));
			}
		}
		parts = Parts.of(base, this.naming.repeatablePrefix(), this.naming.separator());
		if (parts != null && parts.version().isEmpty() && !parts.description().isBlank()) {
			String name = words(parts.description());
			return new FileName.Known(new Identity.Repeatable(name), name);
		}
		return validOther(base);
	}

	/** A phase that is mistyped must not make a file run before the application. */
	private FileName.Doubtful unclearPhase(PhaseOfName phased) {
		String suffix = this.naming.suffixes().get(0);
		PhaseOfName before = PhaseOfName.of(phased.rest());
		if (before.isMeant()) {
			return new FileName.Doubtful(ErrorCode.FILE_NAME, true,
					"The file looks like a migration, but it has two phases: '" + before.written() + "' and '"
							+ phased.written() + "'.",
					"Leave one of them, as in " + before.rest() + phased.nearest().ending() + suffix + ".", null, null);
		}
		String renamed = phased.rest() + phased.nearest().ending() + suffix;
		return new FileName.Doubtful(ErrorCode.FILE_NAME, true,
				"The file looks like a migration, but its phase is not written " + phased.nearest().ending() + suffix
						+ ".",
				"If it is of that phase, rename it to " + renamed
						+ "; if it is to run before the application starts, to " + phased.rest() + "_"
						+ phased.written() + suffix + ".",
				null, renamed);
	}

	private FileName.Doubtful withoutPhases(FileName name, PhaseOfName phased) {
		String kind = (name instanceof FileName.Undo) ? "An undo file"
				: (name instanceof FileName.Known known && known.identity().isBaseline()) ? "A baseline file"
						: "A repeatable";
		String renamed = phased.rest() + this.naming.suffixes().get(0);
		return new FileName.Doubtful(ErrorCode.FILE_KIND, true,
				kind + " has no phase, and the name of this one ends with '." + phased.written() + "'.",
				"Rename it to " + renamed + ", if it is one"
						+ ((name instanceof FileName.Undo) ? ": it takes its version back, whatever the phase of that."
								: "; only versions have phases, as in " + this.naming.versionedPrefix() + "1"
										+ this.naming.separator() + "description" + phased.nearest().ending()
										+ this.naming.suffixes().get(0) + "."),
				null, renamed);
	}

	private @Nullable FileName validOther(String base) {
		Parts undo = Parts.of(base, this.naming.undoPrefix(), this.naming.separator());
		Optional<MigrationVersion> undone = version(undo);
		if (undo != null && undone.isPresent()) {
			return new FileName.Undo(new Identity.Versioned(undone.get()), words(undo.description()));
		}
		Parts baseline = Parts.of(base, this.naming.baselinePrefix(), this.naming.separator());
		Optional<MigrationVersion> reached = version(baseline);
		if (baseline != null && reached.isPresent()) {
			return new FileName.Known(new Identity.Baseline(reached.get()), words(baseline.description()));
		}
		return null;
	}

	private FileName parseOther(String base, String suffix) {
		if (CALLBACK.matcher(base).matches()) {
			return callback(base);
		}
		String reason = reason(base);
		if (reason != null) {
			return nearMiss(reason, renamed(base, suffix));
		}
		if (isWithoutPrefix(base)) {
			return withoutPrefix(base);
		}
		return new FileName.Doubtful(ErrorCode.FILE_NAME, false,
				"The file is not a migration by its name and is not run.",
				"If it is a migration, give it a name like " + example() + ".", null, null);
	}

	private static Optional<MigrationVersion> version(@Nullable Parts parts) {
		return (parts != null) ? MigrationVersion.parse(parts.version()) : Optional.empty();
	}

	private FileName callback(String base) {
		PhaseOfName phased = PhaseOfName.of(base);
		if (phased.phase() != null) {
			return new FileName.Doubtful(ErrorCode.FILE_KIND, true,
					"A callback has no phase, and the name of this one ends with '." + phased.written() + "'.",
					"Rename it to " + phased.rest() + this.naming.suffixes().get(0) + ", if it is one.", null, null);
		}
		int separator = base.indexOf(this.naming.separator());
		String name = (separator < 0) ? base : base.substring(0, separator);
		String description = (separator < 0) ? "" : words(base.substring(separator + this.naming.separator().length()));
		return CallbackEvent.parse(name)
			.<FileName>map((event) -> new FileName.Callback(event, description))
			.orElseGet(() -> noEvent(name));
	}

	private static FileName.Doubtful noEvent(String name) {
		if (FOREIGN_EVENT.matcher(name).matches()) {
			return new FileName.Doubtful(ErrorCode.CALLBACK_EVENT, true,
					"Tidemark has no event " + name + ", so the file would never run.",
					name.endsWith("Connect")
							? "Put its statements into " + SettingNames.name("connection.init-sql")
									+ ", which begins every session, and remove it."
							: "What it does may belong to another event, or into a migration.",
					null, null);
		}
		return new FileName.Doubtful(ErrorCode.FILE_NAME, true,
				"The file looks like a callback, but there is no event " + name + ".",
				"If it is a callback, rename it to the form afterMigrate__description.sql, with the name of one of the"
						+ " events "
						+ Arrays.stream(CallbackEvent.values())
							.map(CallbackEvent::toString)
							.collect(Collectors.joining(", "))
						+ ".",
				null, null);
	}

	/** All prefixes, the longest first; only that of versions may be empty. */
	private List<String> prefixes() {
		return Stream
			.of(this.naming.versionedPrefix(), this.naming.repeatablePrefix(), this.naming.undoPrefix(),
					this.naming.baselinePrefix())
			.sorted(Comparator.comparing(String::length).reversed())
			.toList();
	}

	/**
	 * Returns what keeps the name from being that of a migration, or {@code null} if
	 * nothing but its first letter is like one.
	 */
	private @Nullable String reason(String base) {
		for (String prefix : prefixes()) {
			if (base.regionMatches(true, 0, prefix, 0, prefix.length()) && looksLike(base, prefix)) {
				return reason(base, prefix);
			}
		}
		return null;
	}

	/**
	 * Tells whether what follows the prefix is as behind one, rather than the rest of a
	 * word: {@code b_tree}, {@code v_orders} and {@code base64} are words.
	 */
	private boolean looksLike(String base, String prefix) {
		String rest = base.substring(prefix.length());
		int separator = rest.indexOf(this.naming.separator());
		boolean digit = !rest.isEmpty() && isDigit(rest.charAt(0));
		if (prefix.isEmpty()) {
			return digit;
		}
		if (separator == 0) {
			return true;
		}
		if (!base.startsWith(prefix)) {
			return digit && (separator > 0 || VERSION_FIRST.matcher(rest).lookingAt());
		}
		return digit || (!rest.isEmpty() && "._- ".indexOf(rest.charAt(0)) >= 0)
				|| (separator > 0 && rest.substring(0, separator).chars().anyMatch((c) -> isDigit((char) c)));
	}

	private String reason(String base, String prefix) {
		if (!base.startsWith(prefix)) {
			return "its prefix is not written " + prefix;
		}
		int separator = base.indexOf(this.naming.separator(), prefix.length());
		if (separator < 0) {
			return "the separator " + this.naming.separator() + " is missing";
		}
		String between = base.substring(prefix.length(), separator);
		if (prefix.equals(this.naming.repeatablePrefix())) {
			return between.isEmpty() ? "it has no name behind " + prefix + this.naming.separator()
					: "a repeatable has no version, and '" + between + "' stands between " + prefix + " and "
							+ this.naming.separator();
		}
		return between.isEmpty() ? "it has no version before " + this.naming.separator()
				: "its version '" + between + "' is not made of digits, parted by . or _";
	}

	private boolean isWithoutPrefix(String base) {
		return !base.isEmpty() && isDigit(base.charAt(0)) && base.contains(this.naming.separator());
	}

	private FileName withoutPrefix(String base) {
		MigrationVersion version = MigrationVersion.parse(base.substring(0, base.indexOf(this.naming.separator())))
			.orElse(null);
		List<String> prefixes = List.of(this.naming.versionedPrefix(), this.naming.repeatablePrefix(),
				this.naming.undoPrefix(), this.naming.baselinePrefix());
		return new FileName.Doubtful(ErrorCode.FILE_NAME, true,
				"The file looks like a migration, but its name has no prefix " + prefixes.get(0) + ", "
						+ prefixes.get(1) + ", " + prefixes.get(2) + " or " + prefixes.get(3) + ".",
				"If it is a migration, give it a name like " + example() + ".", version, null);
	}

	private static boolean isDigit(char c) {
		return c >= '0' && c <= '9';
	}

	private FileName.Doubtful nearMiss(String reason, @Nullable String renamed) {
		return new FileName.Doubtful(ErrorCode.FILE_NAME, true, "The file looks like a migration, but " + reason + ".",
				"If it is a migration, "
						+ ((renamed != null) ? "rename it to " + renamed
								: "give it a name like " + example() + " or " + this.naming.repeatablePrefix()
										+ this.naming.separator() + "description" + this.naming.suffixes().get(0))
						+ ".",
				null, renamed);
	}

	/** Returns the name that was meant, if it is clear. */
	private @Nullable String renamed(String base, String suffix) {
		for (String prefix : prefixes()) {
			if (base.regionMatches(true, 0, prefix, 0, prefix.length())) {
				String rest = base.substring(prefix.length());
				Pattern parts = prefix.equals(this.naming.repeatablePrefix()) ? NAME_ONLY : VERSION_AND_NAME;
				Matcher matcher = parts.matcher(rest);
				String better = prefix + rest;
				if (!rest.contains(this.naming.separator()) && matcher.matches()) {
					better = prefix + matcher.group(1) + this.naming.separator() + matcher.group(2);
				}
				FileName meant = valid(better);
				if (meant instanceof FileName.Known || meant instanceof FileName.Undo) {
					return better + suffix;
				}
			}
		}
		return null;
	}

	private String example() {
		return this.naming.versionedPrefix() + "1" + this.naming.separator() + "description"
				+ this.naming.suffixes().get(0);
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
