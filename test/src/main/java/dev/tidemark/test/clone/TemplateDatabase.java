package dev.tidemark.test.clone;

import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import dev.tidemark.Tidemark;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.session.connect.DatabaseUrl;

/**
 * A migrated database of which tests get clones. It is made once for each state of the
 * migrations and stays on the server: every further clone, in this test run or a later
 * one, is a copy that the server makes. Immutable and thread-safe; test runs in several
 * processes may share a server.
 *
 * <pre>{@code
 * TemplateDatabase template = TemplateDatabase.on(url, user, password);
 * try (DatabaseClone database = template.newClone()) {
 *     use(database.dataSource());
 * }
 * }</pre>
 *
 * @since 0.1.0
 */
public final class TemplateDatabase {

	private final String url;

	private final @Nullable String user;

	private final @Nullable String password;

	private final TemplateRecipe recipe;

	private TemplateDatabase(String url, @Nullable String user, @Nullable String password, TemplateRecipe recipe) {
		this.url = url;
		this.user = user;
		this.password = password;
		this.recipe = recipe;
	}

	/**
	 * Describes a template that begins empty and gets the migrations of
	 * {@code classpath:db/migration}, with the default of every setting.
	 * @param url the JDBC URL of any database of the server; it is left as it is, and
	 * need not exist if there is one called {@code postgres}
	 * @param user the user that migrates, who needs the right to create databases, or
	 * {@code null} if the URL names one
	 * @param password the user's password, or {@code null}
	 * @return the template, which is made with its first clone
	 */
	public static TemplateDatabase on(String url, @Nullable String user, @Nullable String password) {
		return new TemplateDatabase(url, user, password, new TemplateRecipe(ConnectionSource.of(url, user, password),
				null, (database) -> Tidemark.builder(database).build()));
	}

	/**
	 * Sets what migrates the template.
	 * @param tidemark makes the one that migrates a given database, such as
	 * {@code (database) -> Tidemark.builder(database).locations("filesystem:sql").build()}
	 * @return a template that is migrated so
	 */
	public TemplateDatabase migratedBy(Function<ConnectionSource, Tidemark> tidemark) {
		return with(new TemplateRecipe(this.recipe.server(), this.recipe.from(), tidemark));
	}

	/**
	 * Sets the database that the template begins as a copy of. Something that migrations
	 * rely on and cannot make themselves may lie in it, such as an extension. While it is
	 * copied, nobody may be connected to it.
	 * @param database the name of the database; by default the template begins empty, as
	 * a copy of {@code template1}
	 * @return a template that begins so
	 */
	public TemplateDatabase from(String database) {
		return with(new TemplateRecipe(this.recipe.server(), database, this.recipe.tidemark()));
	}

	private TemplateDatabase with(TemplateRecipe other) {
		return new TemplateDatabase(this.url, this.user, this.password, other);
	}

	/**
	 * Makes a clone, and before that the template if the server does not have it yet.
	 * @return the clone, to be closed by the caller
	 * @throws TidemarkException if the server refuses it, or a migration fails
	 */
	public DatabaseClone newClone() {
		CloneKey key = CloneKey.random();
		String cloneUrl = DatabaseUrl.withDatabase(this.url, key.cloneName())
			.orElseThrow(() -> TemplateRecipe
				.impossible("The URL of " + this.recipe.server() + " cannot be led to another database."));
		return new DatabaseClone(KeptClone.make(key, this.recipe), cloneUrl, this.user, this.password);
	}

}
