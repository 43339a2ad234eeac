package dev.tidemark.security;

import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.plan.policy.Baseline;
import dev.tidemark.run.Resolution;
import dev.tidemark.run.ResolveRequest;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.run.settings.LockRetry;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * In front of the server's own schema stands one that has a twin of everything: each
 * operator, each function, the catalogue and the common types. Whatever of ours is not
 * qualified meets a twin, which fails.
 */
@ExtendWith(PostgresExtension.class)
class SearchPathTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String TRAP = """
			CREATE SCHEMA trap;
			CREATE SCHEMA shop;
			DO $do$
			DECLARE
			  f record;
			  made int := 0;
			BEGIN
			  FOR f IN SELECT p.proname, pg_get_function_arguments(p.oid) AS args, p.prorettype::regtype AS result
			    FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f' LOOP
			    BEGIN
			      EXECUTE format('CREATE FUNCTION trap.%I(%s) RETURNS %s LANGUAGE plpgsql AS '
			        || '$f$ BEGIN RAISE EXCEPTION ''trapped by function %I''; END $f$',
			        f.proname, f.args, f.result, f.proname);
			      made := made + 1;
			    EXCEPTION WHEN OTHERS THEN NULL;
			    END;
			  END LOOP;
			  ASSERT made > 2000, 'functions: ' || made;
			  made := 0;
			  FOR f IN SELECT o.oprname, o.oprleft::regtype AS l, o.oprright::regtype AS r, o.oprresult::regtype AS result,
			    o.oprleft = 0 AS prefix FROM pg_operator o WHERE o.oprnamespace = 'pg_catalog'::regnamespace
			    UNION SELECT '=', l.t, r.t, 'boolean', false
			      FROM (VALUES ('oid'::regtype), ('regclass'), ('text'), ('name'), ('"char"'), ('varchar')) l (t),
			           (VALUES ('oid'::regtype), ('regclass'), ('text'), ('name'), ('"char"'), ('varchar')) r (t) LOOP
			    BEGIN
			      EXECUTE format('CREATE OR REPLACE FUNCTION trap.springs(%s %s) RETURNS %s LANGUAGE plpgsql AS '
			        || '$f$ BEGIN RAISE EXCEPTION ''trapped by an operator''; END $f$',
			        CASE WHEN NOT f.prefix THEN f.l || ',' END, f.r, f.result);
			      EXECUTE format('CREATE OPERATOR trap.%s (%s RIGHTARG = %s, FUNCTION = trap.springs)', f.oprname,
			        CASE WHEN NOT f.prefix THEN 'LEFTARG = ' || f.l || ',' END, f.r);
			      made := made + 1;
			    EXCEPTION WHEN OTHERS THEN NULL;
			    END;
			  END LOOP;
			  ASSERT made > 500, 'operators: ' || made;
			  FOR f IN SELECT c.relname FROM pg_class c
			    WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind IN ('r', 'v') LOOP
			    EXECUTE format('CREATE VIEW trap.%I AS SELECT 1 / 0 AS oid', f.relname);
			  END LOOP;
			  FOR f IN SELECT t.typname FROM pg_type t
			    WHERE t.typname IN ('text', 'timestamptz', 'int4', 'int8', 'jsonb', 'regclass', 'xid8', 'oid', 'name') LOOP
			    EXECUTE format('CREATE DOMAIN trap.%I AS boolean CHECK (1 / 0 > VALUE::int)', f.typname);
			  END LOOP;
			END $do$;
			""";

	private final TestDatabase database;

	private MigrationFolder folder;

	SearchPathTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void setTheTrap(@TempDir Path path) {
		this.database.execute(TRAP);
		this.database
			.execute("ALTER DATABASE " + this.database.name() + " SET search_path = trap, pg_catalog, shop, public");
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE shop.a (x pg_catalog.int4)")
			.add("V2__b.sql", "CREATE INDEX CONCURRENTLY a_x ON shop.a (x); CREATE TABLE shop.b ()")
			.add("R__v.sql", "CREATE OR REPLACE VIEW shop.v AS SELECT x FROM shop.a");
	}

	private ConnectionSource own() {
		return ConnectionSource.of(this.database.jdbcUrl(), this.database.user(), this.database.password());
	}

	private Tidemark.Builder tidemark(ConnectionSource connections) {
		return Tidemark.builder(connections).locations(this.folder.location()).schema("shop");
	}

	@Test
	void theTrapIsSet() {
		assertThat(catchThrowableOfType(IllegalStateException.class,
				() -> this.database.value("SELECT 1 FROM pg_catalog.pg_class c WHERE c.relname = 'a'")))
			.hasStackTraceContaining("trapped by an operator");
		assertThat(catchThrowableOfType(IllegalStateException.class, () -> this.database.value("SELECT now()")))
			.hasStackTraceContaining("trapped by function now");
	}

	@Test
	void aWholeLifeMeetsNoTwin() {
		live(own());
	}

	@Test
	void aWholeLifeOnABorrowedConnectionMeetsNoTwin() {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(this.database.jdbcUrl());
		dataSource.setUser(this.database.user());
		dataSource.setPassword(this.database.password());
		live(ConnectionSource.of(dataSource));
	}

	private void live(ConnectionSource connections) {
		Tidemark tidemark = tidemark(connections).build();
		Inspection first = tidemark.inspect(InspectRequest.everything().within(PATIENCE));
		assertThat(first.problems()).isEmpty();
		assertThat(first.state()).isEqualTo(Inspection.State.PENDING);
		assertThat(tidemark.migrate().applied()).hasSize(3);
		assertThat(tidemark.migrate().applied()).isEmpty();
		tidemark.verify();
		Inspection inspection = tidemark.inspect(InspectRequest.everything().within(PATIENCE));
		assertThat(inspection.problems()).isEmpty();
		assertThat(inspection.state()).isEqualTo(Inspection.State.UP_TO_DATE);
		this.folder.add("V3__c.sql", "CREATE TABLE shop.c (x pg_catalog.int4); VACUUM shop.c; CREATE TABLE shop.a ()");

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, tidemark::migrate);

		assertThat(failure.code()).isEqualTo(ErrorCode.STATEMENT);
		assertThat(failure).hasMessageContaining("42P07").hasMessageNotContaining("trapped");
		tidemark.resolve(ResolveRequest.of(Identity.of("3"), 4, Resolution.APPLIED, "by hand"));
		assertThat(tidemark.inspect(InspectRequest.everything().within(PATIENCE)).state())
			.isEqualTo(Inspection.State.UP_TO_DATE);
		this.folder.add("V4__d.sql", "CREATE TABLE shop.d (x pg_catalog.int4)").add("U4__d.sql", "DROP TABLE shop.d");
		assertThat(tidemark.plan().toString()).contains("shop.d");
		assertThat(tidemark.migrate().applied()).hasSize(1);
		this.database.execute("INSERT INTO shop.d VALUES (1)");
		UndoSelection selection = UndoSelection.to(MigrationVersion.of("3"));
		assertThat(tidemark.plan(UndoRequest.of(selection)).dataLoss()).isNotEmpty();
		assertThat(tidemark.undo(UndoRequest.of(selection).allowingDataLoss("a test")).undone()).hasSize(1);
	}

	@Test
	void aDatabaseIsTakenOverWithoutMeetingATwin() {
		this.database.execute("SET search_path TO pg_catalog; CREATE TABLE shop.old ()");

		assertThat(catchThrowableOfType(TidemarkException.class, () -> tidemark(own()).build().migrate()))
			.hasMessageContaining("TM-BAS-001")
			.hasMessageContaining("1 table (shop.old)");
		assertThat(
				tidemark(own()).build().baseline(new Baseline(MigrationVersion.of("2"), "set up by hand")).migrations())
			.isNotEmpty();
	}

	@Test
	void whoWaitsAsksWithoutMeetingATwin() throws Exception {
		Tidemark tidemark = tidemark(own()).lockTimeout(Duration.ofMillis(300)).build();
		tidemark.migrate();
		this.folder.add("V3__c.sql", "ALTER TABLE shop.a ADD COLUMN y pg_catalog.int4");
		try (var holder = this.database.connect(); var statement = holder.createStatement()) {
			statement.execute("SET application_name TO holder; BEGIN; LOCK TABLE shop.a IN SHARE MODE");

			TidemarkException failure = catchThrowableOfType(TidemarkException.class,
					() -> tidemark(own()).lockTimeout(Duration.ofMillis(1000))
						.lockRetry(new LockRetry(Duration.ZERO))
						.build()
						.migrate());

			assertThat(failure.code()).isEqualTo(ErrorCode.LOCK_TIMEOUT);
			assertThat(failure).hasMessageContaining("holder");
		}
	}

}
