package dev.tidemark.test.clone;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.boot.test.context.PropertyMapping;

/**
 * Lets the application context of a test work on a clone of a database that is migrated
 * only once for all contexts. The connection comes from where the context has it:
 * {@code @ServiceConnection}, other connection details, or {@code spring.datasource.url}.
 * It leads to a clone instead of the database that it names, which is left as it is; the
 * clone is dropped when the context is closed. Tidemark still runs at the start, and
 * finds nothing pending.
 * <p>
 * Works with {@code @SpringBootTest} and with the slices that use a database. Each
 * context has a clone of its own; test classes that share a context share the clone. The
 * property {@code tidemark.test.clone.enabled} does the same for all tests.
 *
 * @since 0.1.0
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@KeepDatabase
@PropertyMapping("tidemark.test.clone")
public @interface ClonedDatabase {

	/**
	 * Whether to work on a clone.
	 * @return {@code false} for the database itself, where a property asks for clones
	 */
	boolean enabled() default true;

	/**
	 * The database that the template begins as a copy of. Something that migrations rely
	 * on and cannot make themselves may lie in it, such as an extension.
	 * @return the name of the database; by default the template begins empty
	 */
	@PropertyMapping(skip = PropertyMapping.Skip.ON_DEFAULT_VALUE)
	String from() default "";

}
