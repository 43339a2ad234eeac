package dev.tidemark.run;

import java.util.function.Function;

import dev.tidemark.migration.ReleasedVersions;
import dev.tidemark.source.SourceSettings;

/**
 * That migrations which are edited while they are developed are taken back, and run again
 * with the next run. What is released and was edited is never redone.
 *
 * @param ground why the database may be touched
 * @param released finds out what is released; it is asked only where a migration was
 * edited
 * @since 0.1.0
 */
public record Redo(Ground ground, Function<SourceSettings, ? extends ReleasedVersions> released) {

	/**
	 * Why a database may be touched.
	 *
	 * @since 0.1.0
	 */
	public enum Ground {

		/** Nothing says that it may: only databases that our test module has made. */
		TEST_DATABASE,

		/**
		 * The application is being developed. Migrations are undone by their undo files;
		 * what else the database holds is dear to the developer.
		 */
		DEVELOPMENT,

		/** The database may be thrown away: where no undo file helps, it is rebuilt. */
		THROW_AWAY

	}

}
