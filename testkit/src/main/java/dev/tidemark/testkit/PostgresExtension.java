package dev.tidemark.testkit;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test that has a {@link TestDatabase} parameter a fresh database, and drops
 * it afterwards. A parameter of a constructor or of a {@code @BeforeEach} method names
 * the same database as the one of the test method; a static {@code @BeforeAll} method's
 * lives as long as its class.
 */
public final class PostgresExtension implements ParameterResolver {

	private static final Namespace NAMESPACE = Namespace.create(PostgresExtension.class);

	@Override
	public boolean supportsParameter(ParameterContext parameterContext, ExtensionContext extensionContext) {
		return parameterContext.getParameter().getType() == TestDatabase.class;
	}

	@Override
	public Object resolveParameter(ParameterContext parameterContext, ExtensionContext extensionContext) {
		return extensionContext.getStore(NAMESPACE)
			.computeIfAbsent(TestDatabase.class, (type) -> PostgresServer.shared().createDatabase(),
					TestDatabase.class);
	}

	@Override
	public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext rootContext) {
		return ExtensionContextScope.TEST_METHOD;
	}

}
