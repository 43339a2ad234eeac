package dev.tidemark.test.clone;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.boot.test.context.PropertyMapping;

/**
 * Keeps slices from putting an embedded database in the place of what connection details
 * name, as {@code @AutoConfigureTestDatabase} does. That annotation itself would not do:
 * slices bear it, and the first one counts.
 */
@Target(ElementType.ANNOTATION_TYPE)
@Retention(RetentionPolicy.RUNTIME)
@PropertyMapping("spring.test.database")
@interface KeepDatabase {

	String replace() default "none";

}
