package dev.tidemark.test;

import java.net.http.HttpClient;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;

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
	public static final ArchRule UNUSED = noClasses().should()
		.accessTargetWhere(DescribedPredicate.describe("the common pool does the work", CommonPool::isUsed))
		.because("it may have a single thread: dev.tidemark.test.OwnThread gives a test its own");

	private CommonPool() {
	}

	/**
	 * Fails if a class of this build on the class path, be it a test or not, uses the
	 * common pool.
	 */
	public static void assertUnused() {
		UNUSED.check(new ClassFileImporter().importPackages("dev.tidemark"));
	}

	private static boolean isUsed(JavaAccess<?> access) {
		AccessTarget target = access.getTarget();
		String name = target.getName();
		if (target.getOwner().isAssignableTo(CompletionStage.class)) {
			return name.endsWith("Async") && !takesExecutor(target);
		}
		return switch (name) {
			case "commonPool" -> target.getOwner().isEquivalentTo(ForkJoinPool.class);
			case "sendAsync" -> target.getOwner().isEquivalentTo(HttpClient.class);
			case "onExit" -> target.getOwner().isAssignableTo(Process.class)
					|| target.getOwner().isAssignableTo(ProcessHandle.class);
			default -> name.startsWith("parallel") && target.getOwner().getPackageName().startsWith("java.util");
		};
	}

	private static boolean takesExecutor(AccessTarget target) {
		return target instanceof AccessTarget.CodeUnitAccessTarget method
				&& method.getRawParameterTypes().stream().anyMatch((type) -> type.isEquivalentTo(Executor.class));
	}

}
