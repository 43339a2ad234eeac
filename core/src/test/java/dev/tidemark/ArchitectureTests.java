package dev.tidemark;

import java.nio.file.Path;
import java.sql.CallableStatement;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.freeze.FreezingArchRule;
import org.junit.jupiter.api.Test;

import dev.tidemark.author.NewMigration;
import dev.tidemark.migration.Identity;
import dev.tidemark.plan.step.Segment;
import dev.tidemark.testkit.CommonPool;
import dev.tidemark.testkit.PlainLog;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static dev.tidemark.Rooms.of;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The walls of the house.
 */
class ArchitectureTests {

	private static final JavaClasses CLASSES = new ClassFileImporter().importPath(Path.of("target", "classes"));

	@Test
	void arrowsPointDownwardsOnly() {
		classes().should(Rooms.pointDownwards()).check(CLASSES);
	}

	@Test
	void nobodyFallsOutOfTheHouse() {
		classes().should().resideInAnyPackage(Rooms.packages()).check(CLASSES);
	}

	@Test
	void noPackageDependsOnItself() {
		slices().matching("dev.tidemark.(**)").should().beFreeOfCycles().check(CLASSES);
	}

	@Test
	void theLexerKnowsTheLanguageOnly() {
		noClasses().that()
			.resideInAPackage(of("sql"))
			.should()
			.dependOnClassesThat(DescribedPredicate.not(JavaClass.Predicates.resideInAnyPackage(of("sql"), "java..",
					"javax.crypto..", "org.jspecify.annotations")))
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
	void roomsThatAreAboutTextAndValuesKnowNoDatabase() {
		noClasses().that()
			.resideInAnyPackage(of("author"), of("safety"), of("plan"), of("source"), of("migration"), of("statement"),
					of("sql"))
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("java.sql", "javax.sql", "org.postgresql..")
			.check(CLASSES);
	}

	/** What code gets of the session is a connection that guards the one of the run. */
	@Test
	void statementsAreSentFromThreeRooms() {
		noClasses().that()
			.resideOutsideOfPackages(of("session"), of("catalogue"), of("history"), of("run.code"))
			.should()
			.dependOnClassesThat()
			.belongToAnyOf(Statement.class, PreparedStatement.class, CallableStatement.class, ResultSet.class)
			.check(CLASSES);
	}

	@Test
	void noStartLoadsWhatIsForDevelopersOnly() {
		noClasses().that()
			.resideOutsideOfPackage(of("author"))
			.should()
			.dependOnClassesThat()
			.resideInAPackage(of("author"))
			.check(CLASSES);
	}

	@Test
	void statementsAreReadByTokensAndNotByPatterns() {
		freeze(noClasses().that()
			.resideOutsideOfPackages(of("sql"), of("statement"))
			.and(DescribedPredicate.not(PatternReaders.areListed()))
			.should()
			.dependOnClassesThat()
			.areAssignableTo(Pattern.class)).check(CLASSES);
	}

	@Test
	void whoeverReadsByPatternsWhatIsNoSqlStillDoes() {
		Set<String> readers = CLASSES.stream()
			.filter(PatternReaders::usesPatterns)
			.map(PatternReaders::outermost)
			.collect(Collectors.toSet());

		assertThat(readers).containsAll(PatternReaders.listed());
	}

	@Test
	void kindsAreDispatchedByTheirOwnMethods() {
		classes().should(notTellApartTheKindsOf(Identity.class, Segment.class)).check(CLASSES);
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

	/**
	 * What somebody else tells apart by {@code instanceof} forgets the kind that is added
	 * next.
	 */
	private static ArchCondition<JavaClass> notTellApartTheKindsOf(Class<?>... parents) {
		return new ArchCondition<>("not tell apart the kinds of " + Arrays.toString(parents)) {
			@Override
			public void check(JavaClass type, ConditionEvents events) {
				type.getInstanceofChecks()
					.stream()
					.filter((check) -> Arrays.stream(parents)
						.anyMatch((parent) -> check.getRawType().isAssignableTo(parent)
								&& !isWithin(type, parent.getName())))
					.forEach((check) -> events.add(SimpleConditionEvent.violated(check,
							check.getOwner().getFullName() + " looks for " + check.getRawType().getName())));
			}
		};
	}

	private static boolean isWithin(JavaClass type, String outer) {
		return type.getName().equals(outer) || type.getName().startsWith(outer + "$");
	}

	/**
	 * What stands in the way of a rule today is listed beside the tests, and may only
	 * become less.
	 */
	private static ArchRule freeze(ArchRule rule) {
		return FreezingArchRule.freeze(rule);
	}

}
