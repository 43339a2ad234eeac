package dev.tidemark.error;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;

import static org.assertj.core.api.Assertions.assertThat;

class ServerErrorTests {

	private static PSQLException error(String state, String message, String more) {
		return new PSQLException(new ServerErrorMessage("SERROR\0C" + state + "\0M" + message + "\0" + more));
	}

	private static ServerError read(String state, String message, String more) {
		return ServerError.of(error(state, message, more));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '\'',
			textBlock = """
					22003 | value "4111" is out of range for type integer | value "***" is out of range for type integer
					22003 | Wert »4111« ist außerhalb des gültigen Bereichs für Typ integer \
					| Wert »***« ist außerhalb des gültigen Bereichs für Typ integer
					22003 | la valeur « 4111 » est en dehors des limites pour le type integer \
					| la valeur «***» est en dehors des limites pour le type integer
					22003 | 値"4111"は型integerの範囲外です | 値"***"は型integerの範囲外です
					22003 | "1e400" is out of range for type double precision | "***" is out of range for type double precision
					22003 | setval: value 41 is out of bounds for sequence "few" (1..10) \
					| setval: value *** is out of bounds for sequence "few" (1..10)
					2200H | nextval: reached maximum value of sequence "few" (10) \
					| nextval: reached maximum value of sequence "few" (10)
					22023 | 4111 is outside the valid range for parameter "work_mem" (64 .. 2147483647) \
					| *** is outside the valid range for parameter "work_mem" (64 .. 2147483647)
					22023 | 4111 kB is outside the valid range for parameter "work_mem" (64 kB .. 2147483647 kB) \
					| *** kB is outside the valid range for parameter "work_mem" (64 kB .. 2147483647 kB)
					22023 | parameter "work_mem" requires a numeric value | parameter "work_mem" requires a numeric value
					22023 | no such thing as "4111" for parameter "work_mem" | no such thing as "***"
					22023 | wrong parameter "4111 x" | wrong parameter "***"
					22P04 | missing data for column "number" | missing data for column "number"
					22P04 | column name mismatch in header line field 1: got "x411", expected "number" \
					| column name mismatch in header line field ***: got "***"
					22004 | null value cannot be assigned to variable "card" declared NOT NULL \
					| null value cannot be assigned to variable "card" declared NOT NULL
					22P02 | invalid input value for enum mood: "4111" | invalid input value for enum mood: "***"
					22P05 | character with byte sequence 0xe2 0x82 0xac in encoding "UTF8" has no equivalent in encoding "LATIN1" \
					| character with byte sequence 0xe2 0x82 0xac in encoding "UTF8" has no equivalent in encoding "LATIN1"
					22P05 | le caractère dont la séquence d'octets est 0xe2 0x82 0xac dans l'encodage « UTF8 » n'a pas \
					d'équivalent dans l'encodage « WIN1250 » \
					| le caractère dont la séquence d'octets est 0xe2 0x82 0xac dans l'encodage « UTF8 » n'a pas \
					d'équivalent dans l'encodage « WIN1250 »
					22P05 | card 4111 "x411" is not "LATIN1" | card *** "***"
					22P05 | bytes 0x41 0x31 0x31 0x31 0x34 0x31 of "UTF8" | bytes 0x41 0x31 0x31 0x31 *** *** of "UTF8"
					22003 | percentile value 4.1e+15 is not between 0 and 1 | percentile value *** is not between *** and ***
					22007 | invalid value "x411" for "YYYY" | invalid value "***"
					22007 | "YYYY"に対する不正な値"x411" | "***"
					22008 | date field value out of range: 2031-02-30 | date field value out of range: ***
					22008 | time field value out of range: 25:00:07.5 | time field value out of range: ***
					22P02 | invalid input syntax for type json: ""a": "b"" | invalid input syntax for type json: "***"
					22P02 | invalid input syntax for type uuid: "cut off | invalid input syntax for type uuid: "***
					22023 | invalid value for parameter "lock_timeout": "4111" | invalid value for parameter "lock_timeout": "***"
					22023 | valeur invalide pour le paramètre « lock_timeout » : « 4111 » \
					| valeur invalide pour le paramètre « lock_timeout » : «***»
					22021 | invalid byte sequence for encoding "UTF8": 0xe2 0x28 | invalid byte sequence for encoding "UTF8": 0xe2 ***
					22021 | ungültige Byte-Sequenz für Kodierung »UTF8«: 0x00 | ungültige Byte-Sequenz für Kodierung »UTF8«: 0x00
					22001 | value too long for type character varying(20) | value too long for type character varying(20)
					22012 | division by zero | division by zero
					42601 | syntax error in tsquery: "4111 &" | syntax error in tsquery: "***"
					42601 | syntax error at or near "CREAT" | syntax error at or near "CREAT"
					42P01 | relation "customer" does not exist | relation "customer" does not exist
					23505 | duplicate key value violates unique constraint "customer_pkey" \
					| duplicate key value violates unique constraint "customer_pkey"
					23503 | update or delete on table "a" violates foreign key constraint "c" on table "b" \
					| update or delete on table "a" violates foreign key constraint "c" on table "b"
					""")
	void aMessageTellsNoValues(String state, String message, String expected) {
		assertThat(read(state, message, "").message()).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
			23505 | Key (a, b)=(1, x) already exists. | Key (a, b)=(***) already exists.
			23502 | Failing row contains (1, x). | Failing row contains (***).
			44000 | 실패한 자료: (1, x) | 실패한 자료: (***)
			22P02 | Das Token »4111« ist ungültig. | Das Token »***« ist ungültig.
			22P02 | Expected ":", but found "4111". | Expected "***".
			22003 | A field with precision 5, scale 2 must round to an absolute value less than 10^3. \
			| A field with precision 5, scale 2 must round to an absolute value less than 10^3.
			2200N | line 1: Opening and ending tag mismatch | ***
			2BP01 | view v depends on table "t" | view v depends on table "t"
			""")
	void aDetailTellsNoValues(String state, String detail, String expected) {
		assertThat(read(state, "no", "D" + detail + "\0").detail()).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
			COPY card, line 1, column number: "4111" | COPY card, line 1, column number: ***
			COPY card, ligne 1, colonne number : « 4111 » | COPY card, ligne 1, colonne number : ***
			cardのCOPY、行 1、列 number: "4111" | cardのCOPY、行 1、列 number: ***
			données JSON, ligne 1 : {"card" 4111 | données JSON, ligne 1 : ***
			PL/pgSQL function f() line 1 at RAISE | PL/pgSQL function f() line 1 at RAISE
			""")
	void aContextTellsNoInput(String context, String expected) {
		assertThat(read("P0001", "no", "W" + context + "\0").context()).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "exec_stmt_raise, false", "PLy_output, false", "dblink_res_error, false", "pgfdw_report_error, false",
			"ProcessInterrupts, true" })
	void whatTheServerPassesOnIsNotItsOwn(String routine, boolean own) {
		PSQLException error = error("57014", "no", "R" + routine + "\0");

		assertThat(ServerError.of(error).is("57014")).isEqualTo(own);
		assertThat(ServerError.of(new SQLException("wrapped", error)).is("57")).isEqualTo(own);
		assertThat(ServerError.is(error, "57")).isEqualTo(own);
		assertThat(ServerError.of(error).sqlState()).isEqualTo("57014");
	}

	@Test
	void theInputBelowAFunctionInTheContextIsNotToldEither() {
		assertThat(
				read("P0001", "no", "WPL/pgSQL function f() line 1 at RAISE\nCOPY card, line 1: \"4111\"\0").context())
			.isEqualTo("PL/pgSQL function f() line 1 at RAISE\nCOPY card, line 1: ***");
	}

	@Test
	void whatTheDriverCannotConvertIsNotTold() {
		assertThat(
				ServerError.of(new PSQLException("Bad value for type int : 4111", PSQLState.NUMERIC_VALUE_OUT_OF_RANGE))
					.message())
			.isEqualTo("Bad value for type int : ***");
	}

	@Test
	void ofABatchTheErrorOfItsStatementIsRead() {
		PSQLException cause = error("23505", "duplicate key", "DKey (number)=(4111) already exists.\0");
		BatchUpdateException batch = new BatchUpdateException("Batch entry 0 INSERT INTO card VALUES ('4111')", "23505",
				0, new int[0], cause);
		batch.setNextException(cause);

		SQLException clean = ServerError.withoutSecrets(batch);

		assertThat(clean.getMessage())
			.isEqualTo("duplicate key (SQLSTATE 23505)\nDetail: Key (number)=(***) already exists.");
		assertThat((Throwable) clean.getNextException()).isNull();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			SQL statement "INSERT INTO t VALUES ('bob@example.org', 4111)" \
			| SQL statement "INSERT INTO t VALUES ('***', ***)"
			SQL-Anweisung »INSERT INTO "T" VALUES ('bob@example.org', 4111)« \
			| SQL-Anweisung »INSERT INTO "T" VALUES ('***', ***)«
			instruction SQL « INSERT INTO t VALUES ('bob@example.org') » \
			| instruction SQL « INSERT INTO t VALUES ('***') »
			SQL文 "SELECT f('bob@example.org')" | SQL文 "SELECT f('***')"
			SQL 구문: "SELECT f('bob@example.org')" | SQL 구문: ***
			sentencia SQL: «SELECT f('bob@example.org')» | sentencia SQL: ***
			PL/pgSQL assignment "mail := 'bob@example.org'" | PL/pgSQL assignment "mail := '***'"
			""")
	void aContextTellsNoConstants(String context, String expected) {
		String below = "\nPL/pgSQL function f(text) line 3 at EXECUTE";
		ServerError error = read("P0001", "no", "W" + context + below + "\0");
		assertThat(error.context()).isEqualTo(expected + (expected.endsWith(": ***") ? "" : below));
	}

	@Test
	void theParametersOfAStrictQueryAreNotTold() {
		assertThat(
				read("P0003", "query returned more than one row", "Dparameters: mail = 'bob@example.org'\0").detail())
			.isEqualTo("parameters: ***");
	}

	static Stream<UnaryOperator<SQLException>> wrappers() {
		return Stream.of((ex) -> new SQLException("wrapped: " + ex.getMessage(), ex),
				(ex) -> new SQLException("wrapped: " + ex.getMessage(), "HY000", ex),
				(ex) -> new SQLException("wrapped", new IllegalStateException("in between " + ex.getMessage(), ex)),
				(ex) -> chained(new SQLException("INSERT INTO card VALUES ('4111')"), ex),
				(ex) -> chained(new SQLException("first", new SQLException("x 4111")), new SQLException("second", ex)));
	}

	private static SQLException chained(SQLException first, SQLException next) {
		first.setNextException(next);
		return first;
	}

	@ParameterizedTest
	@MethodSource("wrappers")
	void ofAnExceptionThatWrapsTheDriversTheServersWordsAreTold(UnaryOperator<SQLException> wrapper) {
		SQLException wrapped = wrapper.apply(error("23505", "duplicate key", "DKey (number)=(4111) already exists.\0"));

		ServerError error = ServerError.of(wrapped);
		SQLException clean = ServerError.withoutSecrets(wrapped);

		assertThat(error.toString())
			.isEqualTo("duplicate key (SQLSTATE 23505)\nDetail: Key (number)=(***) already exists.");
		assertThat(clean.getSQLState()).isEqualTo("23505");
		assertThat((Throwable) clean).hasMessageNotContaining("4111").hasNoCause();
	}

	@Test
	void aCircleOfCausesComesToAnEnd() {
		SQLException one = new SQLException("one", "08000");
		SQLException two = new SQLException("two", one);
		one.initCause(two);

		assertThat(ServerError.of(one).message()).isEqualTo("one");
	}

	@Test
	void ofAValueThatADriverCannotConvertTheWrapperTellsNothingEither() {
		PSQLException driver = new PSQLException("Bad value for type int : 4111", PSQLState.NUMERIC_VALUE_OUT_OF_RANGE);

		assertThat(ServerError.of(new SQLException("wrapped: " + driver.getMessage(), driver)).message())
			.isEqualTo("Bad value for type int : ***");
	}

	@Test
	void ofAConnectionThePoolKnowsMoreThanTheDriver() {
		PSQLException driver = new PSQLException("Connection refused", PSQLState.CONNECTION_UNABLE_TO_CONNECT);

		assertThat(ServerError.of(new SQLException("no connection within 30 s", "08001", driver)).message())
			.isEqualTo("no connection within 30 s");
	}

	@Test
	void aBatchWithoutAnErrorOfItsStatementTellsNoParameters() {
		assertThat(
				ServerError.of(new BatchUpdateException("Batch entry 0 INSERT INTO card VALUES ('4111')", new int[0]))
					.message())
			.isEqualTo("Batch entry 0 INSERT INTO card VALUES ('***')");
	}

}
