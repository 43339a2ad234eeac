package dev.tidemark.autoconfigure.code;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.springframework.aop.scope.ScopedObject;
import org.springframework.aot.AotDetector;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.type.MethodMetadata;
import org.springframework.util.ClassUtils;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.CodeBackfill;
import dev.tidemark.migration.CodeMigration;
import dev.tidemark.run.Callback;
import dev.tidemark.source.CodeClass;
import dev.tidemark.source.RegisteredCode;

/**
 * Finds migrations and callbacks in Java that nothing would run, as nobody has made beans
 * of them: on a new database they would be missed without a word.
 *
 * @since 0.1.0
 */
public final class UnregisteredCode {

	/** Under this name the filters of a test slice are registered. */
	private static final String SLICE = "org.springframework.boot.test.context.filter.annotation.TypeExcludeFilters";

	private static final String FLYWAY = "org.flywaydb.core.Flyway";

	private static final String WHERE = "lies in a package that the application scans";

	private final ConfigurableApplicationContext context;

	private final ConfigurableListableBeanFactory beans;

	public UnregisteredCode(ConfigurableApplicationContext context) {
		this.context = context;
		this.beans = context.getBeanFactory();
	}

	/**
	 * Refuses what would be passed over.
	 * @param databases what runs migrations
	 * @throws TidemarkException if there is a class that none of them runs, and that
	 * nobody has left out on purpose
	 */
	public void requireNone(Collection<Tidemark> databases) {
		List<Problem> problems = problems(databases);
		if (!problems.isEmpty()) {
			throw new TidemarkException(problems);
		}
	}

	private List<Problem> problems(Collection<Tidemark> databases) {
		if (AotDetector.useGeneratedArtifacts()) {
			return missing(BuiltCode.read(this.beans.getBeanClassLoader()), databases).map(UnregisteredCode::passedOver)
				.toList();
		}
		ScannedCode scanned = ScannedCode.read(this.beans, this.context);
		boolean slice = this.beans.containsSingleton(SLICE);
		List<CodeClass> code = scanned.code();
		List<CodeClass> missing = code.isEmpty() ? code
				: missing(code, databases).filter((type) -> !scanned.isLeftOnPurpose(type)).toList();
		if (slice) {
			return leftOutOfSlice(missing, scanned);
		}
		boolean test = !missing.isEmpty() && scanned.isInTest();
		return missing.stream().map((type) -> test ? passedOverInTest(type) : passedOver(type)).toList();
	}

	private List<Problem> leftOutOfSlice(List<CodeClass> missing, ScannedCode scanned) {
		List<Problem> problems = new ArrayList<>();
		Set<String> told = new HashSet<>();
		for (CodeClass code : missing) {
			if (code.kind().isOfTidemark()) {
				List<String> makers = scanned.makersOf(code);
				told.addAll(makers);
				problems.add(leftOutOfSlice("The class " + code.name() + " is a migration or callback", code.path(),
						makers, " If nothing shall run it, exclude it: tidemark.files.exclude=" + code.path() + "."));
			}
			else {
				problems.add(passedOver(code));
			}
		}
		scanned.beanMethodsOfCode()
			.stream()
			.filter((method) -> !told.contains(method.getDeclaringClassName()) && !makesBean(method))
			.map((method) -> leftOutOfSlice(
					"The method " + method.getMethodName() + " of " + method.getDeclaringClassName()
							+ " makes a bean of a migration or callback",
					method.getDeclaringClassName(), List.of(method.getDeclaringClassName()), ""))
			.forEach(problems::add);
		return problems;
	}

	private boolean makesBean(MethodMetadata method) {
		return Arrays.stream(this.beans.getBeanDefinitionNames())
			.map(this.beans::getBeanDefinition)
			.anyMatch((definition) -> definition instanceof AnnotatedBeanDefinition annotated
					&& annotated.getFactoryMethodMetadata() != null
					&& annotated.getFactoryMethodMetadata().getMethodName().equals(method.getMethodName())
					&& annotated.getFactoryMethodMetadata()
						.getDeclaringClassName()
						.equals(method.getDeclaringClassName()));
	}

	private Stream<CodeClass> missing(List<CodeClass> code, Collection<Tidemark> databases) {
		List<CodeClass> missing = code.stream()
			.filter((type) -> databases.stream().noneMatch((database) -> database.accountsFor(type)))
			.filter((type) -> type.kind().isOfTidemark() || !isFlywayAtWork())
			.toList();
		if (missing.isEmpty()) {
			return Stream.empty();
		}
		RegisteredCode registered = registered();
		return missing.stream().filter((type) -> !registered.has(type));
	}

	/** What has to be asked of beans is asked only if there is anything to ask. */
	private RegisteredCode registered() {
		Set<String> names = new LinkedHashSet<>();
		for (Class<?> type : List.of(CodeMigration.class, CodeBackfill.class, Callback.class)) {
			List<Class<?>> types = new ArrayList<>();
			for (String name : BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beans, type, true, false)) {
				Class<?> known = this.beans.getType(name, false);
				if (known != null) {
					types.add(known);
				}
			}
			names.addAll(RegisteredCode.ofClasses(types).names());
		}
		OrderedBeans ordered = new OrderedBeans(this.beans);
		names.addAll(RegisteredCode.of(unscoped(EarlyBeans.migrations(ordered))).names());
		names.addAll(RegisteredCode.of(unscoped(EarlyBeans.backfills(ordered))).names());
		names.addAll(RegisteredCode.of(unscoped(EarlyBeans.callbacks(ordered))).names());
		return new RegisteredCode(names);
	}

	private static List<Object> unscoped(List<?> beans) {
		List<Object> objects = new ArrayList<>();
		beans.forEach((bean) -> objects.add((bean instanceof ScopedObject scoped) ? target(scoped) : bean));
		return objects;
	}

	/** The proxy may know no more than an interface, so the object itself is asked. */
	private static Object target(ScopedObject scoped) {
		try {
			return scoped.getTargetObject();
		}
		catch (BeansException | IllegalStateException ex) {
			// Nothing is in that scope now.
			return scoped;
		}
	}

	/** While both are there, Flyway runs what is its own. */
	private boolean isFlywayAtWork() {
		ClassLoader classLoader = this.beans.getBeanClassLoader();
		return ClassUtils.isPresent(FLYWAY, classLoader) && this.beans
			.getBeanNamesForType(ClassUtils.resolveClassName(FLYWAY, classLoader), true, false).length > 0;
	}

	/**
	 * Tells of a class of a location whether it is run, or left out on purpose.
	 * @param code the class
	 * @param databases what runs migrations
	 */
	public boolean isSettled(CodeClass code, Collection<Tidemark> databases) {
		return missing(List.of(code), databases).findAny().isEmpty()
				|| ScannedCode.read(this.beans, this.context).isLeftOnPurpose(code);
	}

	private static Problem passedOverInTest(CodeClass code) {
		Problem problem = passedOver(code);
		return problem.withRemedy(problem.remedy()
				+ " If it is there for a test only, nest it in the test class, where the scan leaves it out.");
	}

	private static Problem passedOver(CodeClass code) {
		return code.passedOver(code.path(), WHERE, code.path());
	}

	private static Problem leftOutOfSlice(String what, String place, List<String> makers, String otherwise) {
		return Problem.error(ErrorCode.CODE_UNREGISTERED, Place.file(place),
				what + " in a package that the application scans, but this test slice has no bean of it:"
						+ " the database would not become the one of the application.",
				(makers.isEmpty() ? "Annotate the class with @Component: slices make beans of such classes."
						: "Slices leave @Configuration classes out: import " + String.join(", ", makers)
								+ " into the test by @Import, or annotate the class of the migration or callback with"
								+ " @Component: slices make beans of such classes.")
						+ otherwise);
	}

}
