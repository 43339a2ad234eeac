package dev.tidemark.statement;

import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.statement.parse.Statements;

import static org.assertj.core.api.Assertions.assertThat;

/** What functions, procedures and the triggers that call them are told. */
class RoutineTests {

	private static CreateRoutine routine(String sql) {
		return (CreateRoutine) Statements.of(sql);
	}

	private static String words(RoutineOptions options) {
		return new NormalForm.Flags().add("language", options.language())
			.add("volatility", options.volatility())
			.add("definer", options.securityDefiner())
			.add("settings", String.join("+", options.settings().stream().sorted().toList()))
			.add("atomic", options.atomic())
			.toString();
	}

	@ParameterizedTest
	@CsvSource(delimiterString = "=>", quoteCharacter = '`', emptyValue = "",
			textBlock = """
					LANGUAGE sql AS 'SELECT 1'                                  => language=sql
					AS 'SELECT 1' LANGUAGE 'SQL' IMMUTABLE                      => language=sql, volatility=IMMUTABLE
					LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10.5 AS '' => language=plpgsql, volatility=STABLE
					VOLATILE LANGUAGE "C" AS 'lib', 'symbol'                    => language=c, volatility=VOLATILE
					LANGUAGE sql SECURITY DEFINER SET search_path = a, pg_temp AS '' => definer=true, language=sql, settings=search_path
					LANGUAGE sql EXTERNAL SECURITY INVOKER AS ''                => definer=false, language=sql
					SET search_path FROM CURRENT SET a.b TO 'x' SET TIME ZONE 'UTC' LANGUAGE sql AS '' => language=sql, settings=a.b+search_path+timezone
					RETURN 1                                                    => atomic, language=sql
					IMMUTABLE RETURN a || b                                     => atomic, language=sql, volatility=IMMUTABLE
					BEGIN ATOMIC SELECT 1; SELECT CASE WHEN a THEN 1 END; END   => atomic, language=sql
					WINDOW LEAKPROOF CALLED ON NULL INPUT ROWS 10 SUPPORT s.f LANGUAGE internal AS 'x' => language=internal
					NOT LEAKPROOF RETURNS NULL ON NULL INPUT TRANSFORM FOR TYPE a, FOR TYPE b LANGUAGE x AS '' => language=x
					""")
	void aFunctionHasOptions(String sql, String words) {
		assertThat(words(routine("CREATE FUNCTION f() RETURNS int " + sql).options())).isEqualTo(words);
	}

	@ParameterizedTest
	@CsvSource(delimiterString = "=>", quoteCharacter = '`',
			textBlock = """
					CREATE OR REPLACE FUNCTION s.f(IN a int DEFAULT g(1, 2), OUT b text[], VARIADIC c s.t) RETURNS SETOF s.t LANGUAGE sql AS '' => FUNCTION => s.f
					CREATE FUNCTION f(int, numeric(10, 2) = 1) RETURNS TABLE (a int, b text) LANGUAGE sql AS '' => FUNCTION => f
					CREATE PROCEDURE "P"() LANGUAGE sql AS ''                          => PROCEDURE => P
					CREATE FUNCTION returns(language text) RETURNS text LANGUAGE sql AS '' => FUNCTION => returns
					""")
	void aRoutineHasAName(String sql, ObjectKind kind, String name) {
		CreateRoutine routine = routine(sql);

		assertThat(routine.kind()).isEqualTo(kind);
		assertThat(NormalForm.name(routine.name().name())).isEqualTo(name);
		assertThat(routine.orReplace()).isEqualTo(sql.contains("OR REPLACE"));
	}

	@Test
	void aBodyInAStringIsKept() {
		assertThat(routine("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 'a' $$").body())
			.isEqualTo(" SELECT 'a' ");
		assertThat(routine("CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'lib', 'symbol'").body()).isNull();
	}

	@ParameterizedTest
	@CsvSource(delimiterString = "=>", textBlock = """
			ALTER FUNCTION s.f(int) STABLE                            => volatility=STABLE
			ALTER FUNCTION f SECURITY DEFINER SET a = 1 RESET b       => definer=true, settings=a
			ALTER PROCEDURE p() SET search_path = ''                  => settings=search_path
			ALTER ROUTINE r(text, OUT int) IMMUTABLE RESTRICT         => volatility=IMMUTABLE
			""")
	void aRoutineIsToldOtherwise(String sql, String words) {
		assertThat(words(((AlterRoutine) Statements.of(sql)).options())).isEqualTo(words);
	}

	@ParameterizedTest
	@ValueSource(strings = { "ALTER FUNCTION f() RENAME TO g", "ALTER FUNCTION f() SET SCHEMA s",
			"ALTER PROCEDURE p() OWNER TO r", "ALTER FUNCTION f() DEPENDS ON EXTENSION e" })
	void otherwiseItIsAnObjectLikeAnyOther(String sql) {
		assertThat(Statements.of(sql)).isInstanceOf(AlterObject.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "CREATE FUNCTION f", "CREATE FUNCTION f() RETURNS", "ALTER FUNCTION f() FASTER",
			"CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 1" })
	void whatIsNoRoutineIsUnknown(String sql) {
		assertThat(Statements.of(sql)).isInstanceOf(Unknown.class);
	}

	@Test
	void aTriggerHasATableEventsAndAFunction() {
		assertThat(Statements.of("""
				CREATE OR REPLACE TRIGGER g BEFORE INSERT OR UPDATE OF a, b OR DELETE ON s.t
				REFERENCING NEW TABLE AS n OLD TABLE AS o FOR EACH ROW WHEN (old.a IS DISTINCT FROM f(new.a))
				EXECUTE FUNCTION s.h('x', 1)""")).isEqualTo(new CreateTrigger("g", new QualifiedName("s", "t"), true,
				false, null, CreateTrigger.Timing.BEFORE, List.of("INSERT", "UPDATE", "DELETE"), true,
				new Expression("(old.a IS DISTINCT FROM f(new.a))", Set.of(new QualifiedName(null, "f"))),
				new QualifiedName("s", "h")));
	}

	@ParameterizedTest
	@CsvSource(delimiterString = "=>",
			textBlock = """
					CREATE TRIGGER g AFTER TRUNCATE ON t EXECUTE PROCEDURE f()                            => AFTER => false => false
					CREATE TRIGGER g INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION f()             => INSTEAD_OF => true => false
					CREATE TRIGGER g AFTER INSERT ON t FOR STATEMENT EXECUTE FUNCTION f()                 => AFTER => false => false
					CREATE CONSTRAINT TRIGGER g AFTER DELETE ON t FROM u NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION f() => AFTER => true => true
					CREATE CONSTRAINT TRIGGER g AFTER DELETE ON t DEFERRABLE INITIALLY DEFERRED FOR ROW EXECUTE FUNCTION f() => AFTER => true => true
					""")
	void aTriggerFiresAtATime(String sql, CreateTrigger.Timing timing, boolean forEachRow, boolean constraint) {
		CreateTrigger trigger = (CreateTrigger) Statements.of(sql);

		assertThat(trigger.timing()).isEqualTo(timing);
		assertThat(trigger.forEachRow()).isEqualTo(forEachRow);
		assertThat(trigger.constraint()).isEqualTo(constraint);
		assertThat(trigger.function()).isEqualTo(new QualifiedName(null, "f"));
	}

	@Test
	void aConstraintTriggerMayHaveAnotherTable() {
		CreateTrigger trigger = (CreateTrigger) Statements
			.of("CREATE CONSTRAINT TRIGGER g AFTER DELETE ON t FROM s.u FOR EACH ROW EXECUTE FUNCTION f()");

		assertThat(trigger.from()).isEqualTo(new QualifiedName("s", "u"));
	}

	@Test
	void anEventTriggerHasAnEvent() {
		assertThat(Statements
			.of("CREATE EVENT TRIGGER e ON ddl_command_end WHEN TAG IN ('DROP TABLE') EXECUTE FUNCTION s.f()"))
			.isEqualTo(new CreateEventTrigger("e", "ddl_command_end", new QualifiedName("s", "f")));
	}

}
