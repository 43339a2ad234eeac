package dev.tidemark;

import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import dev.tidemark.migration.CodeMigration;
import dev.tidemark.rollout.BackfillListener;
import dev.tidemark.rollout.BackfillThrottle;
import dev.tidemark.run.Callback;
import dev.tidemark.run.MigrationFailedException;
import dev.tidemark.run.RunListener;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.run.preview.BackupEvidence;
import dev.tidemark.tenant.TenantSchemas;
import dev.tidemark.tenant.TenantsFailedException;
import dev.tidemark.tenant.TenantsListener;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The types that users may import: what the signatures of the façade and of the
 * interfaces that users implement mention, one leading to the next.
 */
class ApiTypesTests {

	private static final Path LIST = Path.of("src/test/resources/api-types.txt");

	private static final String RENEW = "tidemark.renew-api-types";

	private static final List<Class<?>> ROOTS = List.of(Tidemark.class, Tidemark.Builder.class, Tenants.class,
			Tenants.Builder.class, TenantsListener.class, TenantSchemas.class, RunListener.class, Callback.class,
			CodeMigration.class, BackupEvidence.class, BackfillListener.class, BackfillThrottle.class,
			MigrationFailedException.class, TenantsFailedException.class);

	/** What the engine works with, and is free to change. */
	private static final Set<String> ENGINE = Set.of("Engine", "Extent", "History", "HistoryEntry", "HistoryRow",
			"HistoryTable", "InstanceLock", "Mark", "Migration", "Plan", "PlanEntry", "Script", "Segment", "Session",
			"Sources", "SqlStatement", "Step", "UndoPlan");

	/** Users make it, and tell its kinds not apart. */
	private static final Class<?> CLOSED = ConnectionSource.class;

	private final Set<Class<?>> found = new HashSet<>();

	private final Set<Type> seen = new HashSet<>();

	private final Deque<Class<?>> open = new ArrayDeque<>();

	private List<String> types() {
		ROOTS.forEach(this::add);
		while (!this.open.isEmpty()) {
			Class<?> type = this.open.remove();
			Stream.of(type.getMethods()).filter((method) -> !isOfEveryObject(method)).forEach(this::addAll);
			addOfHiddenParents(type);
			Stream.of(type.getConstructors()).forEach(this::addAll);
			Stream.of(type.getFields()).forEach((field) -> add(field.getGenericType()));
			Stream.of(type.getClasses()).forEach(this::add);
			Stream.of(type.getGenericInterfaces()).forEach(this::add);
			if (type.isSealed() && type != CLOSED) {
				Stream.of(type.getPermittedSubclasses()).forEach(this::add);
			}
			if (type.getGenericSuperclass() != null) {
				add(type.getGenericSuperclass());
			}
		}
		return this.found.stream().map(ApiTypesTests::name).sorted().toList();
	}

	/** What a parent that is not public declares belongs to the type itself. */
	private void addOfHiddenParents(Class<?> type) {
		for (Class<?> parent = type.getSuperclass(); parent != null && !Modifier.isPublic(parent.getModifiers())
				&& parent.getName().startsWith("dev.tidemark."); parent = parent.getSuperclass()) {
			Stream.of(parent.getDeclaredMethods())
				.filter((method) -> Modifier.isPublic(method.getModifiers()))
				.forEach(this::addAll);
		}
	}

	private static boolean isOfEveryObject(Method method) {
		return method.getDeclaringClass() == Object.class || method.isSynthetic();
	}

	private void addAll(Executable member) {
		if (member instanceof Method method) {
			add(method.getGenericReturnType());
		}
		Stream.of(member.getGenericParameterTypes()).forEach(this::add);
		Stream.of(member.getGenericExceptionTypes()).forEach(this::add);
	}

	private void add(Type type) {
		if (!this.seen.add(type)) {
			return;
		}
		if (type instanceof Class<?> plain) {
			if (plain.isArray()) {
				add(plain.getComponentType());
			}
			else if (plain.getName().startsWith("dev.tidemark.") && Modifier.isPublic(plain.getModifiers())
					&& this.found.add(plain)) {
				this.open.add(plain);
			}
		}
		else if (type instanceof ParameterizedType parameterized) {
			add(parameterized.getRawType());
			Stream.of(parameterized.getActualTypeArguments()).forEach(this::add);
		}
		else if (type instanceof WildcardType wildcard) {
			Stream.of(wildcard.getUpperBounds()).forEach(this::add);
			Stream.of(wildcard.getLowerBounds()).forEach(this::add);
		}
		else if (type instanceof TypeVariable<?> variable) {
			Stream.of(variable.getBounds()).forEach(this::add);
		}
		else if (type instanceof GenericArrayType array) {
			add(array.getGenericComponentType());
		}
	}

	/** Returns the simple name first, as a type may move. */
	private static String name(Class<?> type) {
		String inPackage = type.getName().substring(type.getPackageName().length() + 1).replace('$', '.');
		return inPackage + " " + type.getPackageName();
	}

	@Test
	void theTypesThatUsersMayImportAreThoseOfTheList() throws IOException {
		List<String> types = types();
		if (Boolean.getBoolean(RENEW)) {
			Files.write(LIST, types);
		}

		assertThat(types).as("""
				The signatures of the façade mention other types than %s lists.
				Each of them is a promise to users: look whether it has to be, and if so renew the list with
				  mvn -pl core -am test -Dtest=ApiTypesTests -Dsurefire.failIfNoSpecifiedTests=false -D%s=true
				and let the change of it be reviewed""", LIST, RENEW).isEqualTo(Files.readAllLines(LIST));
	}

	@Test
	void noneOfThemBelongsToTheEngine() {
		assertThat(types()).extracting((type) -> type.substring(0, type.indexOf(' ')))
			.doesNotContainAnyElementsOf(ENGINE);
	}

}
