package dev.tidemark.security;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.jdbc.datasource.DelegatingDataSource;

import dev.tidemark.Tidemark;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.CodeMigration;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.JdbcContext;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What rows hold is not told, whichever way it gets into what the server says: as a
 * statement that a function makes, as a parameter, or in the words of a wrapper.
 */
@ExtendWith(PostgresExtension.class)
class RowsNowhereTests {

	private static final String MAIL = "bob@example.org";

	private final TestDatabase database;

	private MigrationFolder folder;

	RowsNowhereTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void fill(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE t (mail text, card bigint)");
		this.folder.tidemark(this.database).build().migrate();
		this.database.execute("INSERT INTO t VALUES ('" + MAIL + "', 4111111111111111)");
	}

	private String told(Tidemark tidemark) {
		TidemarkException failure = catchThrowableOfType(TidemarkException.class, tidemark::migrate);
		StringBuilder told = new StringBuilder(failure.getMessage());
		for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
			told.append('\n').append(cause);
		}
		this.database.rows("SELECT error_message, error_statement FROM tidemark_history").forEach(told::append);
		return told.toString();
	}

	private String told() {
		return told(this.folder.tidemark(this.database).build());
	}

	@Test
	void aStatementThatAFunctionMadeOfRowsIsShownWithoutThem() {
		this.folder.add("V2__b.sql", """
				CREATE FUNCTION copied(m text, c bigint) RETURNS void LANGUAGE plpgsql AS $$
				BEGIN
				  EXECUTE format('INSERT INTO u VALUES (%L, %s)', m, c);
				END $$;
				DO $$ DECLARE r record; BEGIN
				  FOR r IN SELECT * FROM t LOOP
				    EXECUTE format('SELECT copied(%L, %s)', r.mail, r.card);
				  END LOOP;
				END $$""");

		assertThat(told()).doesNotContain(MAIL, "4111")
			.contains("relation \"u\" does not exist", "PL/pgSQL function copied(text,bigint) line 3 at EXECUTE",
					"SQL statement \"SELECT copied('***', ***)\"",
					"PL/pgSQL function inline_code_block line 3 at EXECUTE");
	}

	@Test
	void theStatementAroundAnErrorOfAnotherIsShownWithoutRows() {
		this.folder.add("V2__b.sql", """
				CREATE FUNCTION refused(m text) RETURNS void LANGUAGE plpgsql AS $$
				BEGIN RAISE EXCEPTION 'no'; END $$;
				DO $$ DECLARE m text; BEGIN
				  SELECT mail INTO m FROM t;
				  EXECUTE format('SELECT refused(%L) -- don''t', m);
				END $$""");

		assertThat(told()).doesNotContain(MAIL).contains("PL/pgSQL function refused(text) line 2 at RAISE");
	}

	@Test
	void theParametersOfAStrictQueryAreNotTold() {
		this.folder.add("V2__b.sql", """
				DO $$
				#print_strict_params on
				DECLARE m text; found text; BEGIN
				  SELECT mail INTO m FROM t;
				  SELECT mail INTO STRICT found FROM t WHERE mail = m || m;
				END $$""");

		assertThat(told()).doesNotContain(MAIL).contains("Detail: parameters: ***");
	}

	@Test
	void codeThatCommitsAndThenFailsTellsNoRows() {
		assertThat(told(this.folder.tidemark(this.database).migration(new Code() {

			@Override
			public void migrate(JdbcContext jdbc) {
				jdbc.operations().execute("CREATE UNIQUE INDEX ON t (mail)");
				jdbc.operations().execute("COMMIT");
				jdbc.operations().execute("INSERT INTO t SELECT mail FROM t");
			}

		}).build())).doesNotContain(MAIL).contains("DuplicateKeyException", "duplicate key value");
	}

	@Test
	void codeThatCannotTellWhatItIsTellsNoRows() {
		assertThat(told(this.folder.tidemark(this.database).migration(new Code() {

			@Override
			public String description() {
				try (var connection = RowsNowhereTests.this.dataSource().getConnection();
						var statement = connection.createStatement()) {
					statement.execute("SELECT mail::int FROM t");
					return "never";
				}
				catch (SQLException ex) {
					throw new IllegalStateException("wrapped: " + ex.getMessage(), ex);
				}
			}

			@Override
			public void migrate(JdbcContext jdbc) {
			}

		}).build())).doesNotContain(MAIL).contains("description() failed with", "invalid input syntax");
	}

	/** Drivers and pools throw exceptions of their own with all that the server said. */
	@Test
	void aDriverThatWrapsExceptionsTellsNoRows() {
		this.folder.add("V2__b.sql", "CREATE UNIQUE INDEX ON t (mail); INSERT INTO t SELECT mail FROM t");

		assertThat(told(Tidemark.builder(ConnectionSource.of(new Wrapping(dataSource())))
			.locations(this.folder.location())
			.build())).doesNotContain(MAIL).contains("duplicate key value", "SQLSTATE 23505", "Key (mail)=(***)");
	}

	private PGSimpleDataSource dataSource() {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(this.database.jdbcUrl());
		dataSource.setUser(this.database.user());
		dataSource.setPassword(this.database.password());
		return dataSource;
	}

	private abstract static class Code implements CodeMigration {

		@Override
		public Identity identity() {
			return Identity.of("2");
		}

	}

	private static final class Wrapping extends DelegatingDataSource {

		private Wrapping(PGSimpleDataSource target) {
			super(target);
		}

		@Override
		public Connection getConnection() throws SQLException {
			return WrappedExceptions.of(super.getConnection(), Connection.class);
		}

	}

}
