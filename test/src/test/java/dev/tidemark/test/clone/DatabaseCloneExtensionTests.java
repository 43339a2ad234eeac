package dev.tidemark.test.clone;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.tidemark.testkit.PostgresServer;

import static org.assertj.core.api.Assertions.assertThat;

class DatabaseCloneExtensionTests {

	@RegisterExtension
	static final DatabaseCloneExtension CLONES = new DatabaseCloneExtension(() -> TemplateDatabase
		.on(PostgresServer.shared().jdbcUrl("postgres"), PostgresServer.SUPERUSER, PostgresServer.PASSWORD));

	private static DatabaseClone ofClass;

	private static DatabaseClone last;

	private final DatabaseClone ofConstructor;

	DatabaseCloneExtensionTests(DatabaseClone clone) {
		this.ofConstructor = clone;
	}

	@BeforeAll
	static void once(DatabaseClone clone) {
		ofClass = clone;
	}

	@BeforeEach
	void fill(DatabaseClone clone) {
		assertThat(clone).isSameAs(this.ofConstructor);
		Query.execute(clone, "INSERT INTO customer (name) VALUES ('Grace')");
	}

	@Test
	void eachMethodHasACloneOfItsOwn(DatabaseClone clone) {
		assertOwn(clone);
	}

	@Test
	void anotherMethodHasAnotherOne(DatabaseClone clone) {
		assertOwn(clone);
	}

	private void assertOwn(DatabaseClone clone) {
		assertThat(clone).isSameAs(this.ofConstructor).isNotSameAs(ofClass);
		assertThat(Query.value(clone, "SELECT count(*) FROM customer")).isEqualTo("2");
		assertThat(Query.value(ofClass, "SELECT count(*) FROM customer")).isEqualTo("1");
		if (last != null) {
			assertThat(clone.name()).isNotEqualTo(last.name());
			assertThat(exists(last)).isFalse();
		}
		last = clone;
	}

	private static boolean exists(DatabaseClone clone) {
		return Query.value(ofClass, "SELECT count(*) FROM pg_database WHERE datname = '" + clone.name() + "'")
			.equals("1");
	}

	@AfterAll
	static void theCloneOfTheClassLivesAsLongAsTheClass() {
		assertThat(exists(ofClass)).isTrue();
		assertThat(exists(last)).isFalse();
	}

}
