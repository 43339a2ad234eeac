package dev.tidemark.source;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.migration.CodeBackfill;
import dev.tidemark.migration.CodeMigration;

/**
 * A class that is written to be run with migrations, known by its file alone: it is not
 * loaded, and what it extends need not be on the class path.
 *
 * @param name the name of the class
 * @param kind what it is
 * @since 0.1.0
 */
public record CodeClass(String name, Kind kind) {

	/**
	 * Returns the path of its file below a root of the class path.
	 * @return the path, as {@code tidemark.files.exclude} may name it
	 */
	public String path() {
		return this.name.replace('.', '/') + ClassUtils.CLASS_FILE_SUFFIX;
	}

	/**
	 * Says that nothing runs it.
	 * @param place where its file lies, as people write it
	 * @param why why it should have been run, such as that it lies in a location
	 * @param exclusion the pattern that says that nothing is to run it
	 * @return the problem
	 */
	public Problem passedOver(String place, String why, String exclusion) {
		String excluded = " If nothing shall run it, exclude it: " + SettingNames.name("files.exclude") + "="
				+ exclusion + ".";
		if (this.kind.isOfTidemark()) {
			return Problem.error(ErrorCode.CODE_UNREGISTERED, Place.file(place),
					"The class " + this.name + " is " + this.kind.inWords() + " and " + why
							+ ", but it is no bean, and nothing else runs it.",
					"Make it a bean: annotate it with @Component, or return one from a @Bean method. Without Spring, give it"
							+ " to the builder." + excluded);
		}
		return Problem.error(ErrorCode.CODE_OF_FLYWAY, Place.file(place),
				"The class " + this.name + " is " + this.kind.inWords() + " and " + why
						+ ", but nothing here runs it: Tidemark does not call Flyway's types.",
				"Rewrite it as a " + this.kind.counterpart()
						+ " and make it a bean; 'Write a migration in Java' in the documentation says how." + excluded);
	}

	/**
	 * What a class is.
	 *
	 * @since 0.1.0
	 */
	public enum Kind {

		/** A {@link CodeMigration}. */
		MIGRATION("a CodeMigration", null),

		/** A {@link CodeBackfill}. */
		BACKFILL("a CodeBackfill", null),

		/** A callback. */
		CALLBACK("a Callback", null),

		/** A migration that Flyway would run. */
		FLYWAY_MIGRATION("a Java migration of Flyway's", "CodeMigration"),

		/** A callback that Flyway would run. */
		FLYWAY_CALLBACK("a callback of Flyway's", "Callback");

		private final String inWords;

		private final @Nullable String counterpart;

		Kind(String inWords, @Nullable String counterpart) {
			this.inWords = inWords;
			this.counterpart = counterpart;
		}

		/**
		 * Tells whether it becomes one that runs by being registered.
		 * @return {@code false} if it is written for another tool
		 */
		public boolean isOfTidemark() {
			return this.counterpart == null;
		}

		String inWords() {
			return this.inWords;
		}

		private String counterpart() {
			return Objects.requireNonNull(this.counterpart);
		}

	}

}
