package dev.tidemark.rollout.run;

import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;

import dev.tidemark.command.Engine;
import dev.tidemark.session.Session;
import dev.tidemark.source.Sources;

/**
 * Where backfills are: in one schema, or in those of many tenants.
 *
 * @since 0.1.0
 */
public sealed interface Schemas permits OneSchema, ManySchemas {

	/**
	 * Looks at all of them.
	 * @param session a session
	 * @param freshly whether the files are read again
	 * @return the backfills, in the order in which they are worked on
	 */
	List<Found> look(Session session, boolean freshly) throws SQLException;

	/**
	 * Looks for those that go on and that this build has no files for.
	 * @param session a session
	 * @return the backfills
	 */
	List<Unlisted> unlisted(Session session) throws SQLException;

	/**
	 * Requires that the versions are known that have to be done.
	 * @param session a session
	 */
	void requireKnown(Session session) throws SQLException;

	/**
	 * Returns the one schema of a database.
	 * @param engine what to work with
	 * @param files reads the files
	 * @param last returns the files that were read last
	 * @param settings how to go about it
	 * @return the schema
	 */
	static Schemas one(Engine engine, Supplier<Sources> files, Supplier<Sources> last, RolloutSettings settings) {
		return new OneSchema(engine, files, last, settings);
	}

	/**
	 * Returns the schemas of many tenants.
	 * @param engine what to work with; its own schemas count for nothing
	 * @param files reads the files
	 * @param last returns the files that were read last
	 * @param names knows the schemas
	 * @param settings how to go about it
	 * @return the schemas
	 */
	static Schemas many(Engine engine, Supplier<Sources> files, Supplier<Sources> last, Supplier<List<String>> names,
			RolloutSettings settings) {
		return new ManySchemas(engine, files, last, names, settings);
	}

}
