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
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.error.Place;
import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.script.SqlScript;
import dev.tidemark.statement.AlterTable;
import dev.tidemark.statement.AlterType;
import dev.tidemark.statement.ObjectKind;
import dev.tidemark.statement.RowChange;
import dev.tidemark.statement.Rows;
import dev.tidemark.statement.Statement;
import dev.tidemark.statement.TableAction;
import dev.tidemark.statement.TypeAction;
import dev.tidemark.statement.parse.Statements;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What each kind of statement, and of its parts, would lose in a database in which
 * everything holds rows.
 */
class DataLossTests {

	private static final QualifiedName TABLE = new QualifiedName("s", "t");

	/**
	 * Without these, a kind of statement would need nobody's thought to count as
	 * harmless.
	 */
	private static final Map<Class<?>, Set<String>> HARMLESS = Map.of(Statement.class,
			Set.of("AlterDatabase", "AlterDefaultPrivileges", "AlterDomain", "AlterObject", "AlterPolicy",
					"AlterPublication", "AlterRoutine", "AlterSequence", "AlterSubscription", "AlterSystem", "Analyze",
					"Checkpoint", "Cluster", "Comment", "CreateDatabase", "CreateDomain", "CreateEventTrigger",
					"CreateExtension", "CreateIndex", "CreateObject", "CreatePolicy", "CreatePublication",
					"CreateRoutine", "CreateRule", "CreateSequence", "CreateStatistics", "CreateSubscription",
					"CreateTable", "CreateTablespace", "CreateTrigger", "CreateType", "CreateView", "Deallocate",
					"Discard", "Grant", "GrantRole", "ImportForeignSchema", "LockTable", "MoveRelations",
					"Notification", "Prepare", "ReassignOwned", "RefreshMaterializedView", "Reindex", "Savepoint",
					"SetConstraints", "SetParameter", "SetTransaction", "Show", "TransactionControl", "UseCursor",
					"Vacuum", "WaitFor"),
			TableAction.class,
			Set.of("AddConstraint", "AddIdentity", "AlterConstraint", "AttachPartition", "ChangeOwner", "ClusterOn",
					"DependOnExtension", "DetachPartition", "DropConstraint", "DropDefault", "DropExpression",
					"DropIdentity", "DropNotNull", "ForeignOptions", "Inherit", "MergePartitions", "OfType", "Rename",
					"RenameColumn", "RenameConstraint", "ReplicaIdentity", "RowSecurity", "SetAccessMethod",
					"SetColumnOptions", "SetCompression", "SetDefault", "SetExpression", "SetIdentity", "SetLogged",
					"SetNotNull", "SetOptions", "SetSchema", "SetStatistics", "SetStorage", "SetTablespace",
					"SetWithoutOids", "SplitPartition", "SwitchRule", "SwitchTrigger", "ValidateConstraint"),
			TypeAction.class, Set.of("AddAttribute", "AddValue", "RenameAttribute", "RenameValue", "SetProperties"),
			RowChange.class, Set.of());

	private static final RowChange DELETE = new RowChange.Delete(TABLE, false);

	/** Of each, one that loses something, so that whatever holds it is looked into. */
	private static final Map<Type, Object> SAMPLES = Map.of(String.class, "x", boolean.class, true, Boolean.class, true,
			ObjectKind.class, ObjectKind.TABLE, QualifiedName.class, TABLE, RowChange.class, DELETE, Statement.class,
			rows(DELETE), TableAction.class, new TableAction.DropColumn("x", true, true), TypeAction.class,
			new TypeAction.DropAttribute("x", true, true));

	static Stream<Arguments> kinds() {
		return HARMLESS.entrySet()
			.stream()
			.flatMap((harmless) -> Arrays.stream(harmless.getKey().getPermittedSubclasses())
				.map((kind) -> Arguments.of(kind, harmless.getValue())));
	}

	private static Statement rows(RowChange change) {
		return new Rows(List.of(change), Set.of(), List.of(), false);
	}

	private static List<Finding> find(Class<?> kind) {
		return DataLoss.find(Place.file("V1__a.sql"), SqlScript.parse("SELECT 1").statements().get(0),
				statement(record(kind)), new Full());
	}

	/** What is a part of a statement only is looked at within one. */
	private static Statement statement(Object sample) {
		if (sample instanceof TableAction action) {
			return new AlterTable(ObjectKind.TABLE, TABLE, false, false, List.of(action));
		}
		if (sample instanceof TypeAction action) {
			return new AlterType(TABLE, List.of(action));
		}
		return (sample instanceof RowChange change) ? rows(change) : (Statement) sample;
	}

	private static Object record(Class<?> kind) {
		RecordComponent[] components = kind.getRecordComponents();
		Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
		Object[] values = Arrays.stream(components).map((component) -> sample(component.getGenericType())).toArray();
		try {
			return kind.getDeclaredConstructor(types).newInstance(values);
		}
		catch (ReflectiveOperationException ex) {
			throw new AssertionError(kind.toString(), ex);
		}
	}

	private static Object sample(Type type) {
		if (type instanceof ParameterizedType collection) {
			Object element = sample(collection.getActualTypeArguments()[0]);
			return (collection.getRawType() == Set.class) ? Set.of(element) : List.of(element);
		}
		Object sample = SAMPLES.get(type);
		Class<?> plain = (Class<?>) type;
		return (sample != null) ? sample : plain.isEnum() ? plain.getEnumConstants()[0]
				: record(plain.isSealed() ? plain.getPermittedSubclasses()[0] : plain);
	}

	@ParameterizedTest
	@MethodSource("kinds")
	void everyKindOfChangeIsAFindingOrKnownToBeHarmless(Class<?> kind, Set<String> harmless) {
		assertThat(find(kind).isEmpty()).isEqualTo(harmless.contains(kind.getSimpleName()));
	}

	@Test
	void nothingElseIsKnownToBeHarmless() {
		HARMLESS
			.forEach((type, names) -> assertThat(Arrays.stream(type.getPermittedSubclasses()).map(Class::getSimpleName))
				.containsAll(names));
	}

	@ParameterizedTest
	@ValueSource(strings = { "DO $$ BEGIN EXECUTE 'DELETE ' || x; END $$", "DO $$ BEGIN DELETE FROM s.t; END $$",
			"DO $$ BEGIN IF f() THEN TRUNCATE s.t; END IF; END $$", "EXPLAIN ANALYZE DELETE FROM s.t",
			"not a statement", "WITH d AS (DELETE FROM s.t RETURNING *) SELECT * FROM d" })
	void whatIsWithinAnotherStatementIsLookedAt(String sql) {
		assertThat(find(sql)).isNotEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "DO $$ BEGIN CREATE TABLE s.u (id int); END $$", "EXPLAIN DELETE FROM s.t",
			"PREPARE p AS DELETE FROM s.t", "INSERT INTO s.t VALUES (1) ON CONFLICT DO NOTHING" })
	void whatTakesNothingAwayIsNoFinding(String sql) {
		assertThat(find(sql)).isEmpty();
	}

	private static List<Finding> find(String sql) {
		return DataLoss.find(Place.file("V1__a.sql"), SqlScript.parse(sql).statements().get(0), Statements.of(sql),
				new Full());
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

		@Override
		public boolean followsRole() {
			return true;
		}

	}

}
