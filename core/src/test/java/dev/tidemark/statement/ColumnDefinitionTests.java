package dev.tidemark.statement;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.statement.parse.Statements;

import static org.assertj.core.api.Assertions.assertThat;

/** What is known of a column: its type, its default up to its exact end, and the rest. */
class ColumnDefinitionTests {

	private static ColumnDefinition column(String definition) {
		CreateTable table = (CreateTable) Statements.of("CREATE TABLE t (a " + definition + ", z int)");
		assertThat(table.columns()).hasSize(2);
		return table.columns().get(0);
	}

	@ParameterizedTest
	@CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
			int                               => int4
			bigint                            => int8
			decimal(10,2)                     => numeric(10,2)
			double precision                  => float8
			float(24)                         => float4
			float(25)                         => float8
			character varying(20)             => varchar(20)
			national character varying (3)    => varchar(3)
			char                              => bpchar
			"char"                            => char
			bit varying(3)                    => varbit(3)
			time(3) with time zone            => timetz(3)
			timestamp without time zone       => timestamp
			timestamp (6) with time zone      => timestamptz(6)
			interval day to second (3)        => interval
			int[]                             => int4[]
			text[3][3]                        => text[]
			int ARRAY                         => int4[]
			int ARRAY[4]                      => int4[]
			timestamp with time zone[]        => timestamptz[]
			s."My Type"(1, 'a')               => s.My Type(1,'a')
			"int"                             => int
			serial                            => serial
			""")
	void typesHaveTheNamesOfTheCatalogue(String sql, String type) {
		assertThat(NormalForm.type(column(sql).type())).isEqualTo(type);
		assertThat(NormalForm.type(column(sql + " NOT NULL").type())).isEqualTo(type);
	}

	@Test
	void aTypeIsAlsoKeptAsItIsWritten() {
		assertThat(column("timestamp (6)  with time zone NOT NULL").type()).hasToString("timestamp(6) with time zone");
	}

	@ParameterizedTest
	@CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
			'a' || 'b' NOT NULL                          => 'a' || 'b'
			CASE WHEN 1 > 0 THEN NULL ELSE 1 END NOT NULL => CASE WHEN 1 > 0 THEN NULL ELSE 1 END
			(x).y NOT NULL                               => (x).y
			NULL NOT NULL                                => NULL
			-1 NOT NULL                                  => - 1
			now() NOT NULL                               => now()
			pg_catalog.now() NOT NULL                    => pg_catalog.now()
			'x'::character varying NOT NULL              => 'x'::character varying
			'{}'::text[] NOT NULL                        => '{}'::text[]
			ARRAY[1, 2] NOT NULL                         => ARRAY[1, 2]
			'1 day'::interval day to second NOT NULL     => '1 day'::interval day to second
			(now() AT TIME ZONE 'utc') NOT NULL          => (now() AT TIME ZONE 'utc')
			NOT TRUE NOT NULL                            => NOT TRUE
			1 IS DISTINCT FROM NULL NOT NULL             => 1 IS DISTINCT FROM NULL
			f(1, (2), g(3)) NOT NULL                     => f(1,(2), g(3))
			current_user NOT NULL                        => current_user
			x.check NOT NULL                             => x.check
			"unique" NOT NULL                            => "unique"
			'NOT NULL' NOT NULL                          => 'NOT NULL'
			B'1' NOT NULL                                => B'1'
			""")
	void aDefaultEndsWhereTheNextClauseBegins(String sql, String value) {
		ColumnDefinition column = column("x DEFAULT " + sql);

		assertThat(column.defaultValue()).hasToString(value);
		assertThat(column.has(TableConstraint.Kind.NOT_NULL)).isTrue();
		assertThat(column.constraints()).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "CHECK (a > 0)", "UNIQUE", "PRIMARY KEY", "REFERENCES p (i)", "CONSTRAINT c NOT NULL",
			"NOT NULL", "CONSTRAINT u UNIQUE NULLS NOT DISTINCT" })
	void anyConstraintEndsADefault(String constraint) {
		ColumnDefinition column = column("int DEFAULT 1 + 1 " + constraint);

		assertThat(column.defaultValue()).hasToString("1 + 1");
		assertThat(column.constraints()).hasSize(1);
	}

	@Test
	void aCollationBehindADefaultIsThatOfTheColumn() {
		ColumnDefinition column = column("text DEFAULT now() COLLATE \"C\" NOT NULL");

		assertThat(column.defaultValue()).hasToString("now()");
		assertThat(column.collation()).isEqualTo(new QualifiedName(null, "C"));
	}

	@ParameterizedTest
	@CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
			1                                   => IMMUTABLE
			'a' || upper('b')                   => IMMUTABLE
			'a'::varchar(10)                    => IMMUTABLE
			now()                               => STABLE
			CURRENT_TIMESTAMP                   => STABLE
			pg_catalog.now()                    => STABLE
			current_setting('a.b')              => STABLE
			random()                            => VOLATILE
			gen_random_uuid()                   => VOLATILE
			public.uuid_generate_v4()           => VOLATILE
			nextval('s'::regclass)              => VOLATILE
			clock_timestamp()                   => VOLATILE
			CASE WHEN now() > x THEN random() END => VOLATILE
			"random" ()                         => VOLATILE
			f()                                 => UNKNOWN
			my.now()                            => UNKNOWN
			f() || random()                     => VOLATILE
			"current_user"                      => IMMUTABLE
			""")
	void aDefaultIsAsVolatileAsWhatItCalls(String sql, Volatility volatility) {
		ColumnDefinition column = column("x DEFAULT " + sql);

		assertThat(column.defaultValue()).isNotNull();
		assertThat(column.defaultValue().volatility()).isEqualTo(volatility);
	}

	@ParameterizedTest
	@CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
			int GENERATED ALWAYS AS IDENTITY                     => IDENTITY_ALWAYS
			int GENERATED BY DEFAULT AS IDENTITY (START 5 CYCLE) => IDENTITY_BY_DEFAULT
			int GENERATED ALWAYS AS (b * 2) STORED               => STORED
			int GENERATED ALWAYS AS (b * 2) VIRTUAL              => VIRTUAL
			int GENERATED ALWAYS AS (b * 2)                      => VIRTUAL
			int NOT NULL GENERATED ALWAYS AS (b * 2) STORED      => STORED
			""")
	void aColumnMayBeGenerated(String sql, ColumnDefinition.Generated generated) {
		assertThat(column(sql).generated()).isEqualTo(generated);
	}

	@Test
	void whatAGeneratedColumnHoldsIsKept() {
		assertThat(column("int GENERATED ALWAYS AS (f(b) * 2) STORED UNIQUE").expression()).hasToString("(f(b) * 2)");
	}

	@Test
	void otherClausesMayStandInAnyOrder() {
		ColumnDefinition column = column("text STORAGE external COMPRESSION lz4 COLLATE s.c NULL DEFAULT 'x' UNIQUE");

		assertThat(column.collation()).isEqualTo(new QualifiedName("s", "c"));
		assertThat(column.defaultValue()).hasToString("'x'");
		assertThat(column.has(TableConstraint.Kind.UNIQUE)).isTrue();
	}

	@ParameterizedTest
	@CsvSource(delimiterString = "=>", quoteCharacter = '`',
			textBlock = """
					CHECK (a > 0) NOT VALID                        => CHECK:: notValid
					CONSTRAINT c CHECK (a > 0) NO INHERIT          => CHECK:c: noInherit
					CHECK (a > 0) NOT ENFORCED                     => CHECK:: notEnforced
					CHECK (a > 0) ENFORCED                         => CHECK::
					UNIQUE (a, b)                                  => UNIQUE::a,b
					UNIQUE NULLS NOT DISTINCT (a) INCLUDE (c) WITH (fillfactor = 7) USING INDEX TABLESPACE x => UNIQUE::a
					UNIQUE (a) DEFERRABLE INITIALLY DEFERRED       => UNIQUE::a deferrable
					UNIQUE (a) INITIALLY DEFERRED                  => UNIQUE::a deferrable
					UNIQUE (a) NOT DEFERRABLE INITIALLY IMMEDIATE  => UNIQUE::a
					CONSTRAINT "P" PRIMARY KEY (a, b WITHOUT OVERLAPS) => PRIMARY_KEY:P:a,b
					EXCLUDE USING gist (a WITH =, (b + c) gist_ops DESC WITH &&) WHERE (d IS NULL) => EXCLUDE::
					FOREIGN KEY (a, b) REFERENCES s.p (i, j) MATCH FULL ON DELETE SET NULL (a) ON UPDATE NO ACTION => FOREIGN_KEY::a,b references=s.p(i,j)
					FOREIGN KEY (a) REFERENCES p ON DELETE CASCADE NOT VALID => FOREIGN_KEY::a notValid references=p()
					FOREIGN KEY (a, PERIOD b) REFERENCES p (i, PERIOD j) => FOREIGN_KEY::a,b references=p(i,j)
					FOREIGN KEY (period) REFERENCES p (period)     => FOREIGN_KEY::period references=p(period)
					FOREIGN KEY (a) REFERENCES p DEFERRABLE INITIALLY DEFERRED NOT ENFORCED => FOREIGN_KEY::a deferrable notEnforced references=p()
					CONSTRAINT n NOT NULL a NO INHERIT             => NOT_NULL:n:a noInherit
					NOT NULL a                                     => NOT_NULL::a
					""")
	void constraintsOfATableAreRead(String sql, String words) {
		CreateTable table = (CreateTable) Statements.of("CREATE TABLE t (a int, " + sql + ", z int)");

		assertThat(table.constraints()).extracting((constraint) -> NormalForm.constraint(constraint, false))
			.containsExactly(words);
		assertThat(table.columns()).hasSize(2);
	}

	@ParameterizedTest
	@CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
			CHECK (a > 0) NO INHERIT                       => CHECK:: noInherit
			CONSTRAINT n NOT NULL NO INHERIT               => NOT_NULL:n: noInherit
			CONSTRAINT u UNIQUE DEFERRABLE                 => UNIQUE:u: deferrable
			PRIMARY KEY WITH (fillfactor = 7)              => PRIMARY_KEY::
			REFERENCES s.p ON DELETE SET DEFAULT           => FOREIGN_KEY:: references=s.p()
			REFERENCES p (i) ON UPDATE CASCADE NOT DEFERRABLE => FOREIGN_KEY:: references=p(i)
			""")
	void constraintsOfAColumnAreRead(String sql, String words) {
		assertThat(column("int " + sql).constraints()).extracting((one) -> NormalForm.constraint(one, true))
			.containsExactly(words);
	}

	@Test
	void aColumnMayBeCalledLikeAConstraint() {
		CreateTable table = (CreateTable) Statements
			.of("CREATE TABLE t (exclude int, period int, \"check\" int, like_this int, CHECK (\"check\" > 0), key int)");

		assertThat(table.columns()).extracting(ColumnDefinition::name)
			.isEqualTo(List.of("exclude", "period", "check", "like_this", "key"));
	}

}
