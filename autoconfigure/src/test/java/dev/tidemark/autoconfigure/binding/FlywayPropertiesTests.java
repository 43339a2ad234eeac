package dev.tidemark.autoconfigure.binding;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.asm.ClassWriter;
import org.springframework.asm.Opcodes;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import dev.tidemark.autoconfigure.fixture.Runners;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith({ PostgresExtension.class, OutputCaptureExtension.class })
class FlywayPropertiesTests {

	@Test
	void warnsOnceOfPropertiesThatNothingReads(TestDatabase database, CapturedOutput output) {
		Runners.with(database)
			.withPropertyValues("spring.flyway.out-of-order=true", "spring.flyway.password=s3cret",
					"spring.flywayer.x=1")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(output).containsOnlyOnce("TM-CFG-003")
					.contains("nothing reads spring.flyway.out-of-order, spring.flyway.password.", "WARN")
					.doesNotContain("s3cret");
			});
	}

	@Test
	void namesVariablesAsTheyAreSet(CapturedOutput output) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("variables", Map.of("SPRING_FLYWAY_SCHEMAS", "orders")));
		new FlywayPropertiesWarning(environment).postProcessBeanFactory(new DefaultListableBeanFactory());
		assertThat(output).contains("nothing reads SPRING_FLYWAY_SCHEMAS.");
	}

	@Test
	void isSilentWithoutThem(TestDatabase database, CapturedOutput output) {
		Runners.with(database).run((context) -> assertThat(output).doesNotContain("TM-CFG-003"));
	}

	@Test
	void isSilentIfFlywayReadsThem(TestDatabase database, CapturedOutput output) {
		Runners.with(database)
			.withPropertyValues("spring.flyway.out-of-order=true")
			.withClassLoader(new WithFlyway())
			.run((context) -> assertThat(output).doesNotContain("TM-CFG-003"));
	}

	/** Has an empty class of that name, which is all that is asked for. */
	private static class WithFlyway extends ClassLoader {

		WithFlyway() {
			super(FlywayPropertiesTests.class.getClassLoader());
		}

		@Override
		protected Class<?> findClass(String name) throws ClassNotFoundException {
			if (!name.equals("org.flywaydb.core.Flyway")) {
				throw new ClassNotFoundException(name);
			}
			ClassWriter writer = new ClassWriter(0);
			writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, name.replace('.', '/'), null, "java/lang/Object", null);
			byte[] bytes = writer.toByteArray();
			return defineClass(name, bytes, 0, bytes.length);
		}

	}

}
