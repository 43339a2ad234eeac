package dev.tidemark.statement;

import java.lang.reflect.RecordComponent;
import java.util.Set;
import java.util.TreeSet;

import dev.tidemark.sql.QualifiedName;

/** The functions that are called anywhere in a statement, as our model has them. */
final class CalledFunctions {

	private final Set<String> functions = new TreeSet<>();

	private CalledFunctions() {
	}

	static Set<String> of(Statement statement) {
		CalledFunctions called = new CalledFunctions();
		called.collect(statement);
		return called.functions;
	}

	private void collect(Object value) {
		if (value instanceof Iterable<?> values) {
			values.forEach(this::collect);
		}
		else if (value instanceof Record record) {
			for (RecordComponent component : record.getClass().getRecordComponents()) {
				Object part = value(record, component);
				if (component.getName().equals("functions")) {
					((Set<?>) part)
						.forEach((function) -> this.functions.add(NormalForm.name((QualifiedName) function)));
				}
				else if (part != null) {
					collect(part);
				}
			}
		}
	}

	private static Object value(Record record, RecordComponent component) {
		try {
			component.getAccessor().setAccessible(true);
			return component.getAccessor().invoke(record);
		}
		catch (ReflectiveOperationException ex) {
			throw new AssertionError(ex);
		}
	}

}
