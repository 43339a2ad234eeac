package dev.tidemark.source.format;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.Directives;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.Placeholders;
import dev.tidemark.migration.backfill.BackfillDirectives;
import dev.tidemark.migration.directive.Directive;
import dev.tidemark.migration.directive.DirectiveParser;
import dev.tidemark.migration.directive.Vocabulary;
import dev.tidemark.migration.placeholder.PlaceholderReplacement;
import dev.tidemark.session.settings.SessionSettings;
import dev.tidemark.sql.PlainText;
import dev.tidemark.sql.script.Remark;

/**
 * Says what the directives at the head of one file mean; used once.
 *
 * @since 0.1.0
 */
public final class DirectivesReader {

	private static final String DEPENDS_ON = "depends-on";

	private static final String ONLY = "only";

	private static final String REQUIRES = "requires";

	/** Those of several lines add up. */
	private static final Set<String> LISTS = Set.of(DEPENDS_ON, ONLY, REQUIRES);

	private static final int LONGEST_SHOWN = 80;

	/** More than a person reads; what comes behind them is told when they are mended. */
	private static final int MOST_PROBLEMS = 100;

	private final String text;

	private final String script;

	private final ScriptConfiguration configuration;

	private final Set<String> said = new HashSet<>();

	private boolean transaction;

	private @Nullable Duration lockTimeout;

	private @Nullable PlaceholderReplacement placeholders;

	private final List<Identity.Repeatable> dependsOn = new ArrayList<>();

	private final Set<String> only = new HashSet<>();

	private @Nullable String irreversible;

	private @Nullable String nothingToUndo;

	private final Set<MigrationVersion> requires = new TreeSet<>();

	/** Most files are none of a backfill. */
	private @Nullable BackfillDirectivesReader backfill;

	public DirectivesReader(String text, String script, ScriptConfiguration configuration) {
		this.text = text;
		this.script = script;
		this.configuration = configuration;
		this.transaction = !Boolean.FALSE.equals(configuration.transaction());
		Boolean replace = configuration.placeholders();
		this.placeholders = (replace == null) ? null : replace ? PlaceholderReplacement.ON : PlaceholderReplacement.OFF;
	}

	/**
	 * Reads the directives.
	 * @throws TidemarkException with all that is wrong: a word that is unknown or said
	 * twice, a value that is unknown, or one that says something else than the
	 * configuration
	 */
	public Directives read() {
		List<Problem> problems = new ArrayList<>();
		for (Remark remark : Remark.atHead(this.text)) {
			Place place = Place.position(this.script, remark.position().line(), remark.position().column());
			try {
				new DirectiveParser(Vocabulary.OF_HEAD, remark.text(), place).parse(this::read);
			}
			catch (TidemarkException ex) {
				problems.addAll(ex.problems());
			}
			if (problems.size() >= MOST_PROBLEMS) {
				throw new TidemarkException(problems);
			}
		}
		BackfillDirectives ofBackfill = (this.backfill != null) ? this.backfill.read(problems) : null;
		if (!problems.isEmpty()) {
			throw new TidemarkException(problems);
		}
		return new Directives(this.transaction, this.lockTimeout, this.placeholders, this.dependsOn, this.only,
				this.irreversible, this.nothingToUndo, List.copyOf(this.requires), ofBackfill);
	}

	private void read(Directive directive) {
		if (!this.said.add(directive.word()) && !LISTS.contains(directive.word())) {
			throw directive.wrong("The directive '" + directive.word() + "' stands in the file twice.",
					"Remove one of the two.");
		}
		switch (directive.word()) {
			case "transaction" -> readTransaction(directive);
			case "lock-timeout" -> this.lockTimeout = lockTimeout(directive);
			case "placeholders" -> readPlaceholders(directive);
			case DEPENDS_ON -> addDependencies(directive);
			case ONLY -> addEnvironments(directive);
			case "irreversible" -> this.irreversible = reason(directive);
			case "nothing-to-undo" -> this.nothingToUndo = reason(directive);
			case REQUIRES -> addRequired(directive);
			default -> backfill().add(directive);
		}
	}

	private void readTransaction(Directive directive) {
		this.transaction = switch (directive.text().toLowerCase(Locale.ROOT)) {
			case "auto" -> true;
			case "none" -> false;
			default -> throw unknownValue(directive, "Use transaction=auto or transaction=none.");
		};
		Boolean configured = this.configuration.transaction();
		if (configured != null && configured != this.transaction) {
			throw contradiction(directive, "executeInTransaction=" + configured);
		}
	}

	/** As long as {@code locks.timeout} may be, but for no limit at all. */
	private static Duration lockTimeout(Directive directive) {
		Duration timeout = (directive.value() != null) ? directive.value().duration() : null;
		if (timeout == null) {
			throw unknownValue(directive,
					"Write a whole number with its unit, as in lock-timeout=500ms, lock-timeout=5s or"
							+ " lock-timeout=1m, or ISO-8601, as in lock-timeout=PT5S.");
		}
		if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(SessionSettings.LONGEST_TIMEOUT) > 0) {
			throw directive.wrong(
					"The directive 'lock-timeout' must be more than 0 and at most "
							+ SessionSettings.LONGEST_TIMEOUT.toDays() + " days; it is " + directive.value() + ".",
					"Say how long a statement of the file may wait for a lock, as in lock-timeout=5s.");
		}
		return timeout;
	}

	private void readPlaceholders(Directive directive) {
		PlaceholderReplacement replacement = switch (directive.text().toLowerCase(Locale.ROOT)) {
			case "on" -> PlaceholderReplacement.ON;
			case "off" -> PlaceholderReplacement.OFF;
			case "everywhere" -> PlaceholderReplacement.EVERYWHERE;
			default ->
				throw unknownValue(directive, "Use placeholders=on, placeholders=off or placeholders=everywhere.");
		};
		Boolean configured = this.configuration.placeholders();
		if (configured != null && configured == (replacement == PlaceholderReplacement.OFF)) {
			throw contradiction(directive, "placeholderReplacement=" + configured);
		}
		this.placeholders = replacement;
	}

	/** Names of files, with underscores or blanks. */
	private void addDependencies(Directive directive) {
		for (String name : directive.list()) {
			Identity.Repeatable repeatable = Directives.repeatable(name);
			if (repeatable.name().isEmpty()) {
				throw directive.wrong("The directive 'depends-on' lacks the name of a repeatable.",
						"Write it as depends-on=active_users for R__active_users.sql, several with commas and no blanks"
								+ " between them.");
			}
			this.dependsOn.add(repeatable);
		}
	}

	private void addEnvironments(Directive directive) {
		List<String> names = directive.list();
		if (names.stream().anyMatch((name) -> name.contains(Placeholders.DEFAULT_PREFIX))) {
			throw directive.wrong(
					"The directive 'only' has the value '" + directive.value()
							+ "', but placeholders are not replaced in it.",
					"Write the names of the environments out, several with commas and no blanks between them.");
		}
		if (names.contains("")) {
			throw directive.wrong("The directive 'only' lacks the name of an environment.",
					"Write it as only=prod, several with commas and no blanks between them.");
		}
		this.only.addAll(names);
	}

	private void addRequired(Directive directive) {
		for (String version : directive.list()) {
			this.requires.add(MigrationVersion.parse(version)
				.orElseThrow(() -> directive.wrong(
						"The directive 'requires' names '" + PlainText.shortened(version, LONGEST_SHOWN)
								+ "', which is no version.",
						"Write it as requires=8 for V8__copy_email.backfill.sql, several with commas and no blanks between"
								+ " them.")));
		}
	}

	private BackfillDirectivesReader backfill() {
		BackfillDirectivesReader reader = this.backfill;
		if (reader == null) {
			reader = new BackfillDirectivesReader(this.script);
			this.backfill = reader;
		}
		return reader;
	}

	private static String reason(Directive directive) {
		String reason = directive.text("reason");
		if (reason == null || reason.isBlank()) {
			throw directive.wrong("The directive '" + directive.word() + "' lacks its reason.",
					"Say why, as in: -- tidemark: " + directive.form().example());
		}
		return reason.strip();
	}

	private static TidemarkException unknownValue(Directive directive, String remedy) {
		return directive.wrong(
				"The directive '" + directive.word() + "' has the unknown value '" + directive.value() + "'.", remedy);
	}

	private TidemarkException contradiction(Directive directive, String configured) {
		return directive.wrong("The directive '" + directive.word() + "' contradicts " + configured + " in the file "
				+ this.script + ScriptConfiguration.SUFFIX + ".", "Remove one of the two.");
	}

}
