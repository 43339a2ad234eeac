package dev.tidemark.safety;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.tidemark.error.Place;
import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.script.SqlScript;
import dev.tidemark.statement.Change;
import dev.tidemark.statement.ObjectKind;
import dev.tidemark.statement.ObjectName;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What each kind of change would lose in a database in which everything holds rows.
 */
class DataLossTests {

	private static final QualifiedName TABLE = new QualifiedName("s", "t");

	/**
	 * Without these, a kind of change would need nobody's thought to count as harmless.
	 */
	private static final Set<String> HARMLESS = Set.of("AddColumn", "AddConstraint", "AttachIndex", "AttachPartition",
			"Comment", "Create", "Grant", "Inherit", "Other", "Passing", "Rename", "RowSecurity", "SetNotNull",
			"SetSchema", "SetSearchPath");

	private static final Map<Type, Object> SAMPLES = Map.of(QualifiedName.class, TABLE, ObjectName.class,
			new ObjectName(TABLE, null, null), ObjectKind.class, ObjectKind.TABLE, String.class, "x", boolean.class,
			true);

	static Stream<Class<?>> kinds() {
		return kinds(Change.class);
	}

	private static Stream<Class<?>> kinds(Class<?> type) {
		return type.isSealed() ? Arrays.stream(type.getPermittedSubclasses()).flatMap(DataLossTests::kinds)
				: Stream.of(type);
	}

	private static List<Finding> find(Class<?> kind) throws ReflectiveOperationException {
		RecordComponent[] components = kind.getRecordComponents();
		Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
		Object[] values = Arrays.stream(components).map((component) -> sample(component.getGenericType())).toArray();
		Change change = (Change) kind.getDeclaredConstructor(types).newInstance(values);
		return DataLoss.find(Place.file("V1__a.sql"), SqlScript.parse("SELECT 1").statements().get(0), change,
				new Full());
	}

	private static Object sample(Type type) {
		if (type instanceof ParameterizedType collection) {
			Object element = SAMPLES.get(collection.getActualTypeArguments()[0]);
			return (collection.getRawType() == Set.class) ? Set.of(element) : List.of(element);
		}
		return SAMPLES.get(type);
	}

	@ParameterizedTest
	@MethodSource("kinds")
	void everyKindOfChangeIsAFindingOrKnownToBeHarmless(Class<?> kind) throws ReflectiveOperationException {
		assertThat(find(kind).isEmpty()).isEqualTo(HARMLESS.contains(kind.getSimpleName()));
	}

	@Test
	void nothingElseIsKnownToBeHarmless() {
		assertThat(kinds().map(Class::getSimpleName)).containsAll(HARMLESS);
	}

	/** A database in which everything holds rows. */
	private static final class Full implements Facts {

		@Override
		public Presence holdsRows(QualifiedName table) {
			return Presence.YES;
		}

		@Override
		public Presence holdsValues(QualifiedName table, String column) {
			return Presence.YES;
		}

		@Override
		public Long rows(QualifiedName table) {
			return 7L;
		}

		@Override
		public @Nullable String type(QualifiedName table, String column) {
			return "text";
		}

		@Override
		public Optional<List<QualifiedName>> tables(String extension) {
			return Optional.empty();
		}

		@Override
		public Set<String> functions(Set<String> names) {
			return names;
		}

	}

}
