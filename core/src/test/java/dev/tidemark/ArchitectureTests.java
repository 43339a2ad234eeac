package dev.tidemark;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import dev.tidemark.source.NewMigration;
import dev.tidemark.testkit.CommonPool;
import dev.tidemark.testkit.PlainLog;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/**
 * The walls of the house.
 */
class ArchitectureTests {

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages("dev.tidemark");

	@Test
	void arrowsPointDownwardsOnly() {
		layeredArchitecture().consideringOnlyDependenciesInLayers()
			.layer("façade")
			.definedBy("dev.tidemark")
			.layer("run")
			.definedBy("dev.tidemark.run")
			.layer("safety")
			.definedBy("dev.tidemark.safety")
			.layer("plan")
			.definedBy("dev.tidemark.plan")
			.layer("history")
			.definedBy("dev.tidemark.history")
			.layer("source")
			.definedBy("dev.tidemark.source")
			.layer("error")
			.definedBy("dev.tidemark.error")
			.layer("sql")
			.definedBy("dev.tidemark.sql")
			.whereLayer("façade")
			.mayNotBeAccessedByAnyLayer()
			.whereLayer("run")
			.mayOnlyBeAccessedByLayers("façade")
			.whereLayer("safety")
			.mayOnlyBeAccessedByLayers("façade", "run")
			.whereLayer("plan")
			.mayOnlyBeAccessedByLayers("façade", "run", "safety")
			.whereLayer("history")
			.mayOnlyBeAccessedByLayers("façade", "run", "safety", "plan")
			.whereLayer("source")
			.mayOnlyBeAccessedByLayers("façade", "run", "safety", "plan", "history")
			.whereLayer("error")
			.mayOnlyBeAccessedByLayers("façade", "run", "safety", "plan", "history", "source")
			.whereLayer("sql")
			.mayOnlyBeAccessedByLayers("façade", "run", "safety", "plan", "history", "source", "error")
			.check(CLASSES);
	}

	@Test
	void noPackageDependsOnItself() {
		slices().matching("dev.tidemark.(*)..").should().beFreeOfCycles().check(CLASSES);
	}

	@Test
	void theLexerKnowsTheLanguageOnly() {
		noClasses().that()
			.resideInAPackage("dev.tidemark.sql")
			.should()
			.dependOnClassesThat(DescribedPredicate
				.not(JavaClass.Predicates.resideInAnyPackage("dev.tidemark.sql", "java..", "org.jspecify.annotations")))
			.check(CLASSES);
	}

	@Test
	void theEngineKnowsNeitherBootNorMicrometer() {
		noClasses().should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework.boot..", "io.micrometer..", "jakarta..")
			.check(CLASSES);
	}

	@Test
	void onlyRunAndHistoryTalkToTheDatabase() {
		noClasses().that()
			.resideInAnyPackage("dev.tidemark.safety", "dev.tidemark.plan", "dev.tidemark.source", "dev.tidemark.sql")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("java.sql", "javax.sql", "org.postgresql..")
			.check(CLASSES);
	}

	@Test
	void stateIsHidden() {
		fields().that()
			.areNotStatic()
			.and()
			.doNotHaveModifier(JavaModifier.SYNTHETIC)
			.should()
			.bePrivate()
			.check(CLASSES);
	}

	@Test
	void messagesAreLoggedAndNotPrinted() {
		noClasses().that()
			.doNotHaveFullyQualifiedName(NewMigration.class.getName())
			.should()
			.accessField(System.class, "out")
			.orShould()
			.accessField(System.class, "err")
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
