package dev.tidemark.testkit;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/**
 * The one logger that makes fit for a line whatever is logged.
 */
public final class PlainLog {

	/** There must be no other way to a log. */
	private static final ArchRule ONLY_WAY = noClasses().that()
		.doNotHaveFullyQualifiedName("dev.tidemark.error.PlainLogger")
		.should()
		.dependOnClassesThat()
		.haveNameMatching(
				"org\\.slf4j\\.LoggerFactory|org\\.apache\\.commons\\.logging\\..*|java\\.util\\.logging\\..*|"
						+ "java\\.lang\\.System\\$Logger.*");

	private PlainLog() {
	}

	/**
	 * Fails if one of the classes gets a logger that is not the plain one.
	 * @param classes the classes
	 */
	public static void assertTheOnlyWay(JavaClasses classes) {
		ONLY_WAY.check(classes);
	}

}
