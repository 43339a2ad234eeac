package dev.tidemark.test.clone;

import java.sql.SQLException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.TidemarkException;

/**
 * A clone on the server, with the session that keeps it: while its lock is held, no other
 * test run takes the clone for a leftover.
 */
final class KeptClone implements AutoCloseable {

	private static final int ATTEMPTS = 3;

	private static final Logger logger = PlainLogger.of(KeptClone.class);

	private final ServerSession session;

	private final String name;

	private KeptClone(ServerSession session, String name) {
		this.session = session;
		this.name = name;
	}

	/**
	 * Makes a clone, and before that its template if there is none. The next clone is
	 * then made ahead.
	 * @throws TidemarkException if that fails, or a migration does
	 */
	static KeptClone make(CloneKey key, TemplateRecipe recipe) {
		KeptClone clone = new KeptClone(ServerSession.open(recipe.server()), key.cloneName());
		try {
			Template template = Template.of(clone.session, recipe);
			KeptClone spare = Spares.take(template.id());
			KeptClone renamed = (spare != null) ? spare.renamedTo(key) : null;
			if (renamed != null) {
				clone.session.close();
				clone = renamed;
			}
			else {
				clone.make(key, template);
			}
			logger.info("The test works on database {}, a copy of {}", clone.name, template.name());
			Spares.prepare(template.id(), () -> makeAhead(CloneKey.random(), template, recipe));
			return clone;
		}
		catch (SQLException ex) {
			clone.close();
			throw notMade(recipe, ex);
		}
		catch (RuntimeException | Error ex) {
			clone.close();
			throw ex;
		}
	}

	private void make(CloneKey key, Template template) throws SQLException {
		this.session.lock(key);
		Leftovers.drop(this.session);
		for (int attempt = 1;; attempt++) {
			template.makeUnlessThere(key);
			try {
				template.copyTo(this.name);
				return;
			}
			catch (SQLException ex) {
				// Another test run may have found it too old at this very moment.
				if (!ServerError.of(ex).is("3D000") || attempt == ATTEMPTS) {
					throw ex;
				}
			}
		}
	}

	private static KeptClone makeAhead(CloneKey key, Template template, TemplateRecipe recipe) throws SQLException {
		KeptClone clone = new KeptClone(ServerSession.open(recipe.server()), key.cloneName());
		try {
			clone.session.lock(key);
			template.in(clone.session).copyTo(clone.name);
			ServerSession.visit(recipe.on(clone.name));
			return clone;
		}
		catch (SQLException ex) {
			clone.close();
			throw ex;
		}
	}

	/**
	 * Gives a spare the name that its test knows it by.
	 * @return the clone, or {@code null} if the spare is of no use, as when the server
	 * was started anew
	 */
	private @Nullable KeptClone renamedTo(CloneKey key) {
		try {
			this.session.lock(key);
			this.session.execute("ALTER DATABASE " + this.name + " RENAME TO " + key.cloneName());
			return new KeptClone(this.session, key.cloneName());
		}
		catch (SQLException ex) {
			logger.debug("Spare {} is of no use: {}", this.name, ServerError.of(ex));
			close();
			return null;
		}
	}

	private static TidemarkException notMade(TemplateRecipe recipe, SQLException ex) {
		ServerError error = ServerError.of(ex);
		Problem problem = error.is("42501")
				? Problem
					.error(ErrorCode.CLONE_PRIVILEGE, null,
							"The role that migrates at " + recipe.server() + " may not make databases for tests.",
							"Grant it the right with ALTER ROLE … CREATEDB, or let tests migrate as a superuser."
									+ ((recipe.from() != null)
											? " To copy " + recipe.from()
													+ ", it has to own that database, or IS_TEMPLATE has to be set."
											: ""))
				: Problem.error(ErrorCode.CLONE_FAILED, null,
						"The server of " + recipe.server() + " could not make a database for the test.",
						"Solve what the server says, and run the test again.");
		return new TidemarkException(
				problem.withServer(error).withState("What was begun is dropped, by the next test run at the latest."),
				ServerError.withoutSecrets(ex));
	}

	String name() {
		return this.name;
	}

	/**
	 * Drops the clone, whoever is still connected to it. A server that is gone already
	 * has taken it along, or keeps it until the next test run.
	 */
	@Override
	public void close() {
		try (this.session) {
			this.session.execute("DROP DATABASE IF EXISTS " + this.name + " WITH (FORCE)");
		}
		catch (SQLException ex) {
			logger.debug("Database {} stays: {}", this.name, ServerError.of(ex));
		}
	}

}
