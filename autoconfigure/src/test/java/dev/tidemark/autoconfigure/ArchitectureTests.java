package dev.tidemark.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.core.env.Environment;

import dev.tidemark.testkit.CommonPool;
import dev.tidemark.testkit.PlainLog;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rules that Spring Boot holds its own auto-configuration to.
 */
class ArchitectureTests {

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages("dev.tidemark.autoconfigure");

	@Test
	void autoConfigurationsArePublicAndFinal() {
		classes().that()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.bePublic()
			.andShould()
			.haveModifier(JavaModifier.FINAL)
			.check(CLASSES);
	}

	@Test
	void autoConfigurationsHaveNoPublicMembers() {
		methods().that()
			.areDeclaredInClassesThat()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.notBePublic()
			.check(CLASSES);
	}

	@Test
	void autoConfigurationsAreListedAndNothingElse() throws IOException {
		List<String> listed = Files.readAllLines(
				Path.of("target", "classes", "META-INF", "spring", AutoConfiguration.class.getName() + ".imports"));
		Set<String> present = CLASSES.stream()
			.filter((type) -> type.isAnnotatedWith(AutoConfiguration.class))
			.map(JavaClass::getName)
			.collect(Collectors.toSet());
		assertThat(listed).containsExactlyInAnyOrderElementsOf(present).isSorted();
	}

	@Test
	void beanMethodsAreNotPublic() {
		methods().that().areAnnotatedWith(Bean.class).should().notBePublic().check(CLASSES);
	}

	@Test
	void beanMethodsDoNotAskForClasses() {
		noMethods().that()
			.areAnnotatedWith(Bean.class)
			.should()
			.beAnnotatedWith(ConditionalOnClass.class)
			.check(CLASSES);
	}

	@Test
	void postProcessorsAndBindingConvertersAreStatic() {
		methods().that()
			.areAnnotatedWith(Bean.class)
			.and()
			.haveRawReturnType(JavaClass.Predicates.assignableTo(BeanPostProcessor.class)
				.or(JavaClass.Predicates.assignableTo(BeanFactoryPostProcessor.class)))
			.or()
			.areAnnotatedWith(ConfigurationPropertiesBinding.class)
			.should()
			.beStatic()
			.check(CLASSES);
	}

	@Test
	void beanFactoryPostProcessorsTakeOnlyTheEnvironment() {
		assertThat(CLASSES.stream()
			.flatMap((type) -> type.getMethods().stream())
			.filter((method) -> method.isAnnotatedWith(Bean.class)
					&& method.getRawReturnType().isAssignableTo(BeanFactoryPostProcessor.class))
			.flatMap((method) -> method.getRawParameterTypes().stream())).isNotEmpty()
			.allMatch((parameter) -> parameter.isEquivalentTo(Environment.class));
	}

	@Test
	void conditionsAreNotPublic() {
		classes().that().areAssignableTo(Condition.class).should().notBePublic().check(CLASSES);
	}

	@Test
	void packagesAreFreeOfCycles() {
		slices().matching("dev.tidemark.(**)").should().beFreeOfCycles().check(CLASSES);
	}

	@Test
	void testSupportStaysOutside() {
		noClasses().that()
			.resideOutsideOfPackage("..testcontainers..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.testcontainers..", "org.junit..", "org.springframework.boot.testcontainers..")
			.check(CLASSES);
	}

	@Test
	void onlyTheirPackagesKnowActuatorAndMicrometer() {
		noClasses().that()
			.resideOutsideOfPackages("..autoconfigure.actuate..", "..autoconfigure.metrics..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("io.micrometer..", "org.springframework.boot.actuate..",
					"org.springframework.boot.health..")
			.check(CLASSES);
	}

	@Test
	void nobodyGetsALoggerButThePlainOne() {
		PlainLog.assertTheOnlyWay(CLASSES);
	}

	@Test
	void nobodyUsesTheCommonPool() {
		CommonPool.assertUnused();
	}

}
