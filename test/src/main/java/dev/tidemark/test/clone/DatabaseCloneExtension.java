package dev.tidemark.test.clone;

import java.util.function.Supplier;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test method that has a {@link DatabaseClone} parameter a fresh clone, and
 * drops it afterwards. A parameter of the constructor or of a {@code @BeforeEach} method
 * names the same clone as the one of the test method; the clone of a {@code @BeforeAll}
 * method lives as long as its class.
 *
 * <pre>{@code
 * &#64;RegisterExtension
 * static final DatabaseCloneExtension CLONES = new DatabaseCloneExtension(
 *         () -> TemplateDatabase.on(postgres.getJdbcUrl(), postgres.getUsername(), postgres.getPassword()));
 * }</pre>
 *
 * @since 0.1.0
 */
public final class DatabaseCloneExtension implements ParameterResolver {

	private final Supplier<TemplateDatabase> template;

	/**
	 * Makes an extension.
	 * @param template tells of what to make clones; it is asked for each one, when the
	 * server has to be there
	 */
	public DatabaseCloneExtension(Supplier<TemplateDatabase> template) {
		this.template = template;
	}

	@Override
	public boolean supportsParameter(ParameterContext parameterContext, ExtensionContext extensionContext) {
		return parameterContext.getParameter().getType() == DatabaseClone.class;
	}

	@Override
	public Object resolveParameter(ParameterContext parameterContext, ExtensionContext extensionContext) {
		// A store looks into that of its parent; the class's clone is not for its
		// methods.
		return extensionContext.getStore(Namespace.create(this))
			.computeIfAbsent(extensionContext.getUniqueId(), (id) -> this.template.get().newClone(),
					DatabaseClone.class);
	}

	@Override
	public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext rootContext) {
		return ExtensionContextScope.TEST_METHOD;
	}

}
