package dev.tidemark.autoconfigure.codeslices.made;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.data.jdbc.test.autoconfigure.DataJdbcTest;
import org.springframework.boot.data.jpa.test.autoconfigure.DataJpaTest;
import org.springframework.boot.jdbc.test.autoconfigure.JdbcTest;
import org.springframework.boot.jooq.test.autoconfigure.JooqTest;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestContextManager;

import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.CodeMigration;
import dev.tidemark.testkit.PostgresServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Slices of an application whose migrations in Java are made by {@code @Bean} methods,
 * which slices leave out.
 */
class MadeSliceTests {

	private static ApplicationContext start(Class<?> slice) {
		return new TestContextManager(slice).getTestContext().getApplicationContext();
	}

	@ParameterizedTest
	@ValueSource(classes = { JdbcSlice.class, DataJdbcSlice.class, DataJpaSlice.class, JooqSlice.class })
	void aSliceThatWouldDifferFromTheApplicationIsRefusedWithWhatToImport(Class<?> slice) {
		assertThatThrownBy(() -> start(slice)).rootCause()
			.isInstanceOfSatisfying(TidemarkException.class,
					(refusal) -> assertThat(refusal.code()).isEqualTo(ErrorCode.CODE_UNREGISTERED))
			.hasMessageContaining("The class " + AddPhone.class.getName())
			.hasMessageContaining("this test slice has no bean of it")
			.hasMessageContaining("import " + Migrations.class.getName())
			.hasMessageContaining("The method reader of " + Callbacks.class.getName());
	}

	@Test
	void aSliceThatImportsThemStarts() {
		assertThat(start(Importing.class).getBeansOfType(CodeMigration.class)).containsKey("addPhone");
	}

	static class Database {

		@DynamicPropertySource
		static void database(DynamicPropertyRegistry registry) {
			for (String property : Runners.dataSource(PostgresServer.shared().createDatabase())) {
				int equals = property.indexOf('=');
				registry.add(property.substring(0, equals), () -> property.substring(equals + 1));
			}
		}

	}

	@JdbcTest
	static class JdbcSlice extends Database {

	}

	@DataJdbcTest
	static class DataJdbcSlice extends Database {

	}

	@DataJpaTest
	static class DataJpaSlice extends Database {

	}

	@JooqTest
	static class JooqSlice extends Database {

	}

	@JdbcTest
	@Import({ Migrations.class, Callbacks.class })
	static class Importing extends Database {

	}

}
