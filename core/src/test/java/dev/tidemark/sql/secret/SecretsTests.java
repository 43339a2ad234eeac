package dev.tidemark.sql.secret;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.sql.script.SqlScript;
import dev.tidemark.sql.script.SqlStatement;

import static org.assertj.core.api.Assertions.assertThat;

class SecretsTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					ALTER ROLE app PASSWORD 's3cr3t'                       | ALTER ROLE app PASSWORD '***'
					ALTER ROLE app PASSWORD 's3''cr3t' VALID UNTIL '2027-01-01' | ALTER ROLE app PASSWORD '***' VALID UNTIL '2027-01-01'
					CREATE USER app WITH ENCRYPTED PASSWORD 'md5abc'       | CREATE USER app WITH ENCRYPTED PASSWORD '***'
					alter role app password E's3\\'cr3t'                    | alter role app password E'***'
					ALTER ROLE app PASSWORD U&'s\\0033cr3t'                 | ALTER ROLE app PASSWORD U&'***'
					ALTER ROLE app PASSWORD $$s3'cr3t$$ LOGIN              | ALTER ROLE app PASSWORD $$***$$ LOGIN
					ALTER ROLE app PASSWORD $pw$s3$cr3t$pw$                | ALTER ROLE app PASSWORD $pw$***$pw$
					ALTER ROLE app PASSWORD 's3cr                          | ALTER ROLE app PASSWORD '***
					ALTER ROLE app PASSWORD $$s3cr                         | ALTER ROLE app PASSWORD $$***
					ALTER ROLE app PASSWORD NULL                           | ALTER ROLE app PASSWORD NULL
					OPTIONS (user 'app', password 's3cr3t')                | OPTIONS (user 'app', password '***')
					OPTIONS (SET "password" 's3cr3t', ADD host 'h')        | OPTIONS (SET "password" '***', ADD host 'h')
					CONNECTION 'host=h user=u password=s3cr3t' PUBLICATION p | CONNECTION '***' PUBLICATION p
					CREATE SUBSCRIPTION s CONNECTION E'x' PUBLICATION p    | CREATE SUBSCRIPTION s CONNECTION E'***' PUBLICATION p
					host=h password=s3cr3t dbname=d                        | host=h password=*** dbname=d
					host=h password='s3 cr3t' dbname=d                     | host=h password='***' dbname=d
					host=h password = s3\\ cr3t dbname=d                    | host=h password = *** dbname=d
					dblink('host=h password=s3cr3t')                       | dblink('host=h password=***')
					dblink('password=''s3 cr3t'' host=h')                  | dblink('password=''***'' host=h')
					jdbc:postgresql://h:5432/d?user=u&password=s3cr3t&ssl=true | jdbc:postgresql://h:5432/d?user=u&password=***&ssl=true
					jdbc:postgresql://h/d?sslpassword=s3cr3t               | jdbc:postgresql://h/d?sslpassword=***
					postgresql://app:s3cr3t@db.internal:5432/orders        | postgresql://app:***@db.internal:5432/orders
					postgresql://app:s3@cr3t@db.internal/orders            | postgresql://app:***@db.internal/orders
					postgresql://app:s3/cr3t@db.internal/orders            | postgresql://app:***@db.internal/orders
					see <postgres://u:s3cr3t@h/d> there                    | see <postgres://u:***@h/d> there
					PGPASSWORD=s3cr3t psql                                 | PGPASSWORD=*** psql
					passwd=s3cr3t pwd=s3cr3t                               | passwd=*** pwd=***
					SET app.api_key = 's3cr3t'                             | SET app.api_key = '***'
					SET app.secret TO 's3cr3t'                             | SET app.secret TO '***'
					UPDATE u SET password = crypt('s3cr3t', gen_salt('bf')) WHERE id = 1 | UPDATE u SET password = *** WHERE id = 1
					host=h password=s3&cr3t dbname=d                       | host=h password=*** dbname=d
					host=h password=s3"s3 dbname=d                         | host=h password=*** dbname=d
					dblink('host=h password=s3''s3 dbname=d')              | dblink('host=h password=*** dbname=d')
					password=s3(cr3t host=h                                | password=*** host=h
					{"user": "u", "password": "s3\\"cr3t", "a": 1}          | {"user": "u", "password": "***", "a": 1}
					jsonb_build_object('password', 's3cr3t')               | jsonb_build_object('password', '***')
					spring.datasource.password: s3cr3t                     | spring.datasource.password: ***
					{user=u, dbPassword=s3cr3t, ssl=true}                  | {user=u, dbPassword=*** ssl=true}
					client_secret => 's3cr3t'                              | client_secret => '***'
					password := 's3cr3t'                                   | password := '***'
					CREATE ROLE app LOGIN PASSWORD "s3cr3t" VALID UNTIL 'x' | CREATE ROLE app LOGIN PASSWORD "***" VALID UNTIL 'x'
					CREATE USER app IDENTIFIED BY 's3cr3t'                  | CREATE USER app IDENTIFIED BY '***'
					create user app identified by s3cr3t                   | create user app identified by ***
					CREATE USER app IDENTIFIED BY PASSWORD 's3cr3t'         | CREATE USER app IDENTIFIED BY PASSWORD '***'
					near "IDENTIFIED BY s3cr3t" in it                       | near "IDENTIFIED BY ***" in it
					the user is identified by 's3cr3t' there                | the user is identified by '***' there
					create user app password s3cr3t login                  | create user app password *** login
					ALTER ROLE app WITH pasword 's3cr3t'                   | ALTER ROLE app WITH pasword '***'
					SQL statement "ALTER ROLE app PASSWORD s3cr3t"         | SQL statement "ALTER ROLE app PASSWORD ***"
					{"Authorization": "Bearer s3cr3t", "a": 1}             | {"Authorization": "***", "a": 1}
					http_header('Authorization', 'Basic s3cr3t')           | http_header('Authorization', '***')
					Proxy-Authorization: Basic s3cr3t==                    | Proxy-Authorization: ***
					sent with Bearer s3cr3t.s3cr3t.s3cr3t there            | sent with Bearer *** there
					""")
	void secretIsMasked(String text, String masked) {
		assertThat(Secrets.mask(text)).isEqualTo(masked).doesNotContain("s3");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "SELECT 'a', $$b$$ FROM t WHERE c = 'd'",
			"FATAL: password authentication failed for user \"app\"", "ERROR: syntax error at or near \"PASSWORD\"",
			"jdbc:postgresql://h1:5432,h2:5433/d?user=u&ssl=true", "postgresql://app@db.internal/orders",
			"postgresql://[::1]:5432/d", "https://example.org/a?b=c#d@e",
			"The server requested password-based authentication, but no password was provided",
			"ALTER TABLE users ADD COLUMN password text DEFAULT 'x'",
			"duplicate key value violates unique constraint \"u\"", "Detail: Token \"x\" is invalid.",
			"a connection was closed", "CREATE SCHEMA AUTHORIZATION app", "no role 'a'; password expected here",
			"must be superuser to alter user; a bearer token is needed", "ALTER ROLE app PASSWORD NULL LOGIN",
			"a row is identified by its key", "ALTER GROUP staff ADD USER pascal, petra",
			"ALTER GROUP staff ADD USER petra, pascal, paul", "CREATE ROLE staff ROLE pascal ADMIN paso LOGIN" })
	void otherTextIsLeftAlone(String text) {
		assertThat(Secrets.mask(text)).isEqualTo(text);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			COPY t FROM PROGRAM 'curl -u app:s3cr3t https://h/x' | COPY t FROM PROGRAM '***'
			SELECT crypt('s3cr3t', gen_salt('bf')), 1            | SELECT crypt(***), 1
			SELECT public.pgp_sym_encrypt(a, 's3cr3t') FROM t    | SELECT public.pgp_sym_encrypt(***) FROM t
			SET app.encryption_key = 's3cr3t'                    | SET app.encryption_key = '***'
			""")
	void whatProgramsAndCiphersAreGivenIsMasked(String text, String masked) {
		assertThat(Secrets.mask(text)).isEqualTo(masked);
		assertThat(Secrets.mask(masked)).isEqualTo(masked);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			SELECT 'a', $$b$$, E'c', 42 FROM t -- d | SELECT '***', '***', '***', 42 FROM t
			UPDATE t SET a = 's3cr3                  | UPDATE t SET a =
			SELECT 'it''s', b                        | SELECT '***', b
			SELECT 'a\\' s3cr3t'                     | SELECT
			""")
	void aStatementOfAnotherSessionShowsNoStringConstant(String statement, String shown) {
		assertThat(Secrets.withoutConstants(statement)).isEqualTo(shown);
	}

	@Test
	void aMessageAboutAStatementDoesNotQuoteItsSecrets() {
		String sql = "INSERT INTO account (name, password) VALUES ('ada', E's3\\'cr3t')";
		assertThat(Secrets.of(sql).apply("invalid value \"s3'cr3t\" for ada, not for adam"))
			.isEqualTo("invalid value \"***\" for ***, not for adam");
	}

	@Test
	void aMessageAboutABlockDoesNotQuoteTheSecretsWithin() {
		String sql = "DO $$ BEGIN EXECUTE 'ALTER ROLE a PASSWORD ''s3cr3t'' LOGIN'; END $$";
		assertThat(Secrets.of(sql).apply("bad: s3cr3t")).isEqualTo("bad: ***");
	}

	@ParameterizedTest
	@ValueSource(strings = { "create role app_user login password \"s3cr3t\"",
			"create role app_user login password s3cr3t", "alter user app_user pasword s3cr3t login",
			"create role app_user pasword 's3cr3t'", "create role app_user password ab s3cr3t login",
			"create user mapping for a server b options (user 'x', passwrd 's3cr3t')",
			"create server s foreign data wrapper w options (passwrd 's3cr3t')",
			"do $$ begin create role app_user password \"s3cr3t\"; end $$",
			"select http_header('Authorization', 's3cr3t')", "create role a password x-s3cr3t-y",
			"select dblink_exec('password=' || 's3cr3t')" })
	void aSecretIsFoundByWhatTheStatementIsAbout(String sql) {
		SqlStatement statement = SqlScript.parse(sql).statements().get(0);

		assertThat(statement.mask("syntax error at or near \"s3cr3t\", or \"S3CR3T\"")).doesNotContain("s3cr3t",
				"S3CR3T");
		assertThat(statement.excerpt()).doesNotContain("s3cr3t").contains("***");
		assertThat(statement.listing()).doesNotContain("s3cr3t");
		assertThat(Secrets.mask(Secrets.withoutConstants(sql))).doesNotContain("s3cr3t");
	}

	@ParameterizedTest
	@ValueSource(strings = { "do $$ begin raise exception 'customer 17 has no open connection, see ticket 5'; end $$",
			"do $$ begin raise exception 'customer 17 has no open connection, see ticket 5'; end $$ -- a program",
			"select 'customer 17 has no open connection, see ticket 5', program from t",
			"alter role app set work_mem = 'customer 17 has no open connection, see ticket 5'" })
	void whatOnlySpeaksOfAConnectionIsNoSecret(String sql) {
		SqlStatement statement = SqlScript.parse(sql).statements().get(0);

		assertThat(statement.mask("customer 17 has no open connection, see ticket 5"))
			.isEqualTo("customer 17 has no open connection, see ticket 5");
		assertThat(statement.excerpt()).contains("customer 17 has no open connection, see ticket 5");
	}

	@ParameterizedTest
	@ValueSource(strings = { "ALTER GROUP staff ADD USER pascal, petra",
			"ALTER GROUP staff DROP USER petra, pascal, paul", "CREATE ROLE staff ROLE pascal, petra ADMIN paso LOGIN",
			"CREATE ROLE staff IN ROLE pascal CREATEDB" })
	void theNameOfAMemberIsNoPassword(String sql) {
		SqlStatement statement = SqlScript.parse(sql).statements().get(0);

		assertThat(statement.excerpt()).isEqualTo(sql);
		assertThat(statement.mask("no petra, no paul")).isEqualTo("no petra, no paul");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					CREATE ROLE app PASSWORD 's3cr3t' CREATE TABLE orders (id int) | CREATE ROLE app PASSWORD '***' CREATE TABLE orders (id int)
					CREATE ROLE app PASSWORD 's3cr3t' GRANT pascal TO petra         | CREATE ROLE app PASSWORD '***' GRANT pascal TO petra
					CREATE ROLE app PASSWORD s3cr3t CREATE TABLE orders (id int)   | CREATE ROLE app PASSWORD *** *** TABLE orders (id int)
					CREATE ROLE app LOGIN CREATE TABLE orders (password int, id int) | CREATE ROLE app LOGIN CREATE TABLE orders (password int, id int)
					""")
	void whatStandsBehindAForgottenSemicolonIsNoPassword(String sql, String shown) {
		SqlStatement statement = SqlScript.parse(sql).statements().get(0);

		assertThat(statement.excerpt()).isEqualTo(shown);
		assertThat(statement.mask("relation orders, role petra, near TABLE"))
			.isEqualTo("relation orders, role petra, near TABLE");
	}

	@Test
	void aPasswordBehindAForgottenSemicolonIsOne() {
		String sql = "CREATE ROLE app PASSWORD 's3cr3t' CREATE ROLE other PASSWORD s3cr4t";

		assertThat(SqlScript.parse(sql).statements().get(0).excerpt()).doesNotContain("s3cr");
	}

	@Test
	void aPlaceholderOfARoleIsNoPassword() {
		String sql = "ALTER ROLE ${role} IN DATABASE ${pw_base} RESET ALL";

		assertThat(SqlScript.parse(sql).statements().get(0).excerpt()).isEqualTo(sql);
	}

	@Test
	void aHeaderIsASecretOfItsStatement() {
		String header = "{\"Authorization\": \"Bearer s3cr3t\"}";
		SqlStatement statement = SqlScript.parse("select net.http_get('https://h', '" + header + "')")
			.statements()
			.get(0);

		assertThat(statement.mask("no such call: " + header)).isEqualTo("no such call: ***");
		assertThat(statement.excerpt()).doesNotContain("s3cr3t");
		assertThat(statement.listing()).doesNotContain("s3cr3t");
	}

	@ParameterizedTest
	@ValueSource(strings = { "create subscription s connection 'host=s3cr3t' publication p",
			"alter subscription s conection 's3cr3t'", "copy t from program 'curl s3cr3t'" })
	void whatAConnectionOrAProgramIsGivenIsSecret(String sql) {
		SqlStatement statement = SqlScript.parse(sql).statements().get(0);

		assertThat(statement.mask("bad: host=s3cr3t or curl s3cr3t or s3cr3t").replace("host=s3cr3t", ""))
			.contains("***");
		assertThat(statement.excerpt()).doesNotContain("s3cr3t");
	}

	@Test
	void aMessageAboutAnyOtherStatementIsLeftAlone() {
		assertThat(Secrets.of("INSERT INTO t VALUES ('abcdefg')").apply("bad: abcdefg")).isEqualTo("bad: abcdefg");
	}

	@Test
	void literalIsMaskedWithItsContinuations() {
		assertThat(Secrets.mask("ALTER ROLE a PASSWORD 's3'\n  'cr3t' -- c\n'x' LOGIN"))
			.isEqualTo("ALTER ROLE a PASSWORD '***' LOGIN");
	}

	@Test
	void secretsOfSeveralLinesAreAllMasked() {
		assertThat(Secrets.mask("STATEMENT: ALTER ROLE a PASSWORD\n\t's3cr3t';\nurl=postgres://a:s3cr3t@h/d\n"))
			.isEqualTo("STATEMENT: ALTER ROLE a PASSWORD\n\t'***';\nurl=postgres://a:***@h/d\n");
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void oddPasswordsAreMaskedInEveryNotation(long seed) {
		Random random = new Random(seed);
		for (int i = 0; i < 1000; i++) {
			String password = oddity(random) + "MARK" + oddity(random) + "MARK" + oddity(random);
			for (String text : notations(password)) {
				assertThat(Secrets.mask(text)).as(text).doesNotContain("MARK").contains("***");
			}
		}
	}

	private static String oddity(Random random) {
		String characters = "'\"\\$&=?@:/ ,;()[]{}<>#%a1-.";
		StringBuilder oddity = new StringBuilder();
		for (int length = random.nextInt(4); length > 0; length--) {
			oddity.append(characters.charAt(random.nextInt(characters.length())));
		}
		return oddity.toString();
	}

	private static List<String> notations(String password) {
		String doubled = password.replace("'", "''");
		String escaped = password.replace("\\", "\\\\").replace("'", "\\'");
		String nested = "''" + escaped.replace("'", "''") + "''";
		String encoded = URLEncoder.encode(password, StandardCharsets.UTF_8);
		String json = password.replace("\\", "\\\\").replace("\"", "\\\"");
		return List.of("ALTER ROLE a PASSWORD '" + doubled + "' LOGIN",
				"ALTER ROLE a PASSWORD E'" + escaped + "' LOGIN",
				"ALTER ROLE a PASSWORD $pw$" + password + "$pw$ LOGIN",
				"OPTIONS (user 'u', password '" + doubled + "')", "SET app.secret = '" + doubled + "'",
				"host=h password='" + escaped + "' dbname=d", "dblink('host=h password=" + nested + " dbname=d')",
				"dblink('password=" + nested + "')", "CONNECTION 'password=" + nested + "' PUBLICATION p",
				"jdbc:postgresql://h/d?password=" + encoded + "&ssl=true", "postgresql://u:" + encoded + "@h/d",
				"{\"password\": \"" + json + "\"}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "ALTER ROLE app PASSWORD 's3cr3t'", "password=s3cr3t", "postgres://a:s3cr3t@h/d",
			"PASSWORD $a$s3cr3t$a$", "password=''s3 cr3t''", "CONNECTION 'x'", "password = crypt('x')",
			"PASSWORD 's3" })
	void maskingOnceMoreChangesNothing(String text) {
		String masked = Secrets.mask(text);
		assertThat(Secrets.mask(masked)).isEqualTo(masked);
	}

}
