package dev.tidemark.test.clone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

import dev.tidemark.testkit.CommonPool;
import dev.tidemark.testkit.PlainLog;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

class ArchitectureTests {

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS)
		.importPackages("dev.tidemark.test");

	@Test
	void clonesNeedNeitherSpringNorJunit() {
		noClasses().that()
			.haveNameNotMatching(
					".*\\.(ClonedDatabase|ClonedJdbc|ClonedTidemark|KeepDatabase|DatabaseCloneExtension).*")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework..", "org.junit..", "dev.tidemark.autoconfigure..")
			.check(CLASSES);
	}

	@Test
	void whereTheServerComesFromIsTheTestsToSay() {
		noClasses().should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.testcontainers..", "io.zonky..")
			.check(CLASSES);
	}

	@Test
	void autoConfigurationsArePublicAndFinalAndHideTheirMembers() {
		classes().that()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.bePublic()
			.andShould()
			.haveModifier(JavaModifier.FINAL)
			.check(CLASSES);
		methods().that().areAnnotatedWith(Bean.class).should().notBePublic().check(CLASSES);
	}

	@Test
	void autoConfigurationsAreListedForApplicationsAndForSlices() throws IOException {
		List<String> present = CLASSES.stream()
			.filter((type) -> type.isAnnotatedWith(AutoConfiguration.class))
			.map((type) -> type.getName())
			.toList();
		Path folder = Path.of("target", "classes", "META-INF", "spring");

		assertThat(Files.readAllLines(folder.resolve(AutoConfiguration.class.getName() + ".imports")))
			.containsExactlyElementsOf(present);
		assertThat(Files.readAllLines(folder
			.resolve("org.springframework.boot.test.autoconfigure.jdbc.AutoConfigureDataSourceInitialization.imports")))
			.containsExactlyElementsOf(present);
	}

	@Test
	void featuresAreFreeOfCycles() {
		slices().matching("dev.tidemark.test.(*)..").should().beFreeOfCycles().check(CLASSES);
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
