package dev.tidemark.statement;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.statement.parse.Statements;

import static org.assertj.core.api.Assertions.assertThat;

/** Who gets which rights, and what is published. */
class AccessTests {

	@ParameterizedTest
	@CsvSource(delimiterString = "=>", quoteCharacter = '`', emptyValue = "", textBlock = """
			GRANT SELECT, UPDATE (a, b) ON t TO r           => TABLE      => t     => ``      => r
			GRANT ALL PRIVILEGES ON TABLE s.t, u TO PUBLIC  => TABLE      => s.t,u => ``      => PUBLIC
			GRANT ALL ON ALL TABLES IN SCHEMA a, b TO r     => TABLE      => ``    => a,b     => r
			REVOKE ALL ON ALL SEQUENCES IN SCHEMA a FROM r  => SEQUENCE   => ``    => a       => r
			GRANT EXECUTE ON FUNCTION s.f(int, text) TO r   => FUNCTION   => s.f   => ``      => r
			GRANT EXECUTE ON ALL ROUTINES IN SCHEMA a TO r  => ROUTINE    => ``    => a       => r
			GRANT USAGE ON SCHEMA a, "B" TO r, "S"          => SCHEMA     => a,B   => ``      => r,"S"
			GRANT USAGE ON SEQUENCE q TO GROUP r            => SEQUENCE   => q     => ``      => r
			GRANT CONNECT ON DATABASE d TO CURRENT_USER     => DATABASE   => d     => ``      => CURRENT_USER
			GRANT USAGE ON TYPE s.t TO r                    => TYPE       => s.t   => ``      => r
			GRANT USAGE ON FOREIGN DATA WRAPPER w TO r      => FOREIGN_DATA_WRAPPER => w => ``  => r
			GRANT USAGE ON FOREIGN SERVER v TO r            => SERVER     => v     => ``      => r
			GRANT SELECT ON LARGE OBJECT 12 TO r            => LARGE_OBJECT => 12  => ``      => r
			GRANT SET ON PARAMETER a.b TO r                 => PARAMETER  => a.b   => ``      => r
			GRANT SELECT ON sequence TO r                   => TABLE      => sequence => ``   => r
			GRANT MAINTAIN ON t TO r WITH GRANT OPTION GRANTED BY q => TABLE => t  => ``      => r
			REVOKE GRANT OPTION FOR SELECT ON t FROM r CASCADE => TABLE   => t     => ``      => r
			""")
	void rightsAreThoseToObjects(String sql, ObjectKind kind, String objects, String schemas, String roles) {
		Grant grant = (Grant) Statements.of(sql);

		assertThat(grant.grant()).isEqualTo(sql.startsWith("GRANT"));
		assertThat(grant.kind()).isEqualTo(kind);
		assertThat(NormalForm.names(grant.objects().stream().map(ObjectName::name).toList())).isEqualTo(objects);
		assertThat(String.join(",", grant.schemas())).isEqualTo(schemas);
		assertThat(String.join(",", grant.roles())).isEqualTo(roles);
		assertThat(grant.cascade()).isEqualTo(sql.endsWith("CASCADE"));
	}

	@ParameterizedTest
	@CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
			GRANT a, "B" TO c, CURRENT_USER                      => a,"B" => c,CURRENT_USER
			GRANT a TO b WITH ADMIN OPTION                       => a     => b
			GRANT a TO b WITH INHERIT TRUE, SET FALSE GRANTED BY c => a   => b
			REVOKE ADMIN OPTION FOR a FROM b CASCADE             => a     => b
			REVOKE a FROM b                                      => a     => b
			""")
	void rolesHaveMembers(String sql, String granted, String members) {
		GrantRole grant = (GrantRole) Statements.of(sql);

		assertThat(String.join(",", grant.granted())).isEqualTo(granted);
		assertThat(String.join(",", grant.members())).isEqualTo(members);
	}

	@ParameterizedTest
	@CsvSource(delimiterString = "=>", textBlock = """
			ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO r               => true
			ALTER DEFAULT PRIVILEGES FOR ROLE a, b REVOKE ALL ON FUNCTIONS FROM PUBLIC     => false
			ALTER DEFAULT PRIVILEGES FOR USER a REVOKE GRANT OPTION FOR ALL ON TYPES FROM r => false
			""")
	void rightsToWhatIsToComeAreDefaults(String sql, boolean grant) {
		assertThat(Statements.of(sql)).isEqualTo(new AlterDefaultPrivileges(grant));
	}

	@Test
	void whatSomebodyOwnsIsNotKnown() {
		assertThat(Statements.of("REASSIGN OWNED BY a, \"B\" TO CURRENT_USER"))
			.isEqualTo(new ReassignOwned(List.of("a", "\"B\""), "CURRENT_USER"));
		assertThat(Statements.of("DROP OWNED BY a CASCADE")).isEqualTo(new DropOwned(List.of("a"), true));
	}

	@ParameterizedTest
	@ValueSource(strings = { "GRANT", "GRANT SELECT ON t", "GRANT SELECT ON t FROM r", "GRANT a", "REVOKE a TO b",
			"GRANT SELECT ON t TO r AND MORE", "GRANT SELECT ON ALL THINGS IN SCHEMA s TO r" })
	void whatIsNoGrantIsUnknown(String sql) {
		assertThat(Statements.of(sql)).isInstanceOf(Unknown.class);
	}

	static PublishedObjects objects(boolean tables, boolean sequences, List<String> names, List<String> schemas) {
		return new PublishedObjects(tables, sequences, names.stream().map(AccessTests::name).toList(), schemas);
	}

	private static QualifiedName name(String name) {
		int point = name.indexOf('.');
		return new QualifiedName((point > 0) ? name.substring(0, point) : null, name.substring(point + 1));
	}

	@Test
	void publicationsHaveObjects() {
		assertThat(Statements.of("CREATE PUBLICATION p"))
			.isEqualTo(new CreatePublication("p", objects(false, false, List.of(), List.of())));
		assertThat(Statements.of("CREATE PUBLICATION p FOR ALL TABLES WITH (publish = 'insert')"))
			.isEqualTo(new CreatePublication("p", objects(true, false, List.of(), List.of())));
		assertThat(Statements.of("CREATE PUBLICATION p FOR TABLE a, ONLY s.b (x, y) WHERE (x > 1), TABLES IN SCHEMA c, "
				+ "CURRENT_SCHEMA, TABLE d *"))
			.isEqualTo(new CreatePublication("p", objects(false, false, List.of("a", "s.b", "d"), List.of("c", ""))));
	}

	@ParameterizedTest
	@CsvSource(delimiterString = "=>", textBlock = """
			ALTER PUBLICATION p ADD TABLE t              => ADD
			ALTER PUBLICATION p DROP TABLE t             => DROP
			ALTER PUBLICATION p SET TABLE t WHERE (a)    => SET
			ALTER PUBLICATION p SET (publish = 'update') => OPTIONS
			""")
	void publicationsAreAltered(String sql, AlterPublication.Action action) {
		boolean table = action != AlterPublication.Action.OPTIONS;

		assertThat(Statements.of(sql)).isEqualTo(
				new AlterPublication("p", action, objects(false, false, table ? List.of("t") : List.of(), List.of())));
	}

	@ParameterizedTest
	@ValueSource(strings = { "ALTER PUBLICATION p OWNER TO r", "ALTER PUBLICATION p RENAME TO q" })
	void aPublicationIsAnObjectLikeAnyOther(String sql) {
		assertThat(Statements.of(sql)).isInstanceOf(AlterObject.class);
	}

}
