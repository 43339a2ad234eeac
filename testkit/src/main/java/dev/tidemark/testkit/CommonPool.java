package dev.tidemark.testkit;

import java.net.http.HttpClient;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/**
 * The pool that a whole JVM shares. On a machine with two cores it has one thread, and
 * all who use it wait for each other there.
 */
public final class CommonPool {

	/** Nobody has work done by the common pool, knowingly or not. */
	private static final ArchRule UNUSED = noClasses().should()
		.accessTargetWhere(DescribedPredicate.describe("the common pool does the work", CommonPool::isUsed))
		.because("it may have a single thread: dev.tidemark.testkit.OwnThread gives a test its own");

	private static final Set<String> STAGES = Set.of(CompletionStage.class.getName(),
			CompletableFuture.class.getName());

	private static final Set<String> PROCESSES = Set.of(Process.class.getName(), ProcessHandle.class.getName());

	private CommonPool() {
	}

	/**
	 * Fails if a class of this build on the class path, be it a test or not, uses the
	 * common pool.
	 */
	public static void assertUnused() {
		ArchConfiguration.withThreadLocalScope((configuration) -> {
			// Names are enough, and the classes of the JDK many.
			configuration.setResolveMissingDependenciesFromClassPath(false);
			UNUSED.check(new ClassFileImporter().importPackages("dev.tidemark"));
		});
	}

	private static boolean isUsed(JavaAccess<?> access) {
		AccessTarget target = access.getTarget();
		String name = target.getName();
		String owner = target.getOwner().getName();
		if (STAGES.contains(owner)) {
			return name.endsWith("Async") && !takesExecutor(target);
		}
		return switch (name) {
			case "commonPool" -> owner.equals(ForkJoinPool.class.getName());
			case "sendAsync" -> owner.equals(HttpClient.class.getName());
			case "onExit" -> PROCESSES.contains(owner);
			default -> name.startsWith("parallel") && owner.startsWith("java.util.");
		};
	}

	private static boolean takesExecutor(AccessTarget target) {
		return target instanceof AccessTarget.CodeUnitAccessTarget method
				&& method.getRawParameterTypes().stream().anyMatch((type) -> type.isEquivalentTo(Executor.class));
	}

}
