package dev.tidemark.autoconfigure.binding;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;

import dev.tidemark.autoconfigure.ExitCode;
import dev.tidemark.autoconfigure.exit.UnusablePropertyException;

/**
 * Gives the failure of a process that cannot read a property of ours its exit code: to
 * Spring Boot it is a failure like any other.
 *
 * @since 0.1.0
 */
public final class UnusableValueHandler extends AbstractBindHandler {

	private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("tidemark");

	private final boolean all;

	private UnusableValueHandler(BindHandler parent, boolean all) {
		super(parent);
		this.all = all;
	}

	/** For a binder that reads all there is in the configuration. */
	public static UnusableValueHandler after(BindHandler parent) {
		return new UnusableValueHandler(parent, false);
	}

	/** For a binder whose names have lost our prefix. */
	public static UnusableValueHandler withoutPrefix() {
		return new UnusableValueHandler(BindHandler.DEFAULT, true);
	}

	/** Return whether a property is one of ours. */
	public static boolean isOurs(ConfigurationPropertyName name) {
		return PREFIX.equals(name) || PREFIX.isAncestorOf(name);
	}

	@Override
	public @Nullable Object onFailure(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
			Exception error) throws Exception {
		try {
			return super.onFailure(name, target, context, error);
		}
		catch (BindException ex) {
			throw ex;
		}
		catch (Exception ex) {
			requireNoGroup(name, context);
			throw (this.all || isOurs(name)) ? new UnusableValueException(ex) : ex;
		}
	}

	/** What had a value once may be a group now, which none can be read as. */
	private static void requireNoGroup(ConfigurationPropertyName name, BindContext context) {
		String renamed = PREFIX.isAncestorOf(name) ? RenamedProperties.NAMES.get(name.subName(1).toString()) : null;
		if (renamed == null) {
			return;
		}
		for (ConfigurationPropertySource source : context.getSources()) {
			ConfigurationProperty property = source.getConfigurationProperty(name);
			if (property != null) {
				throw new UnusablePropertyException(name.toString(), property.getValue(),
						"It is called " + PREFIX + "." + renamed + " now.");
			}
		}
	}

	/** Stands between Spring Boot's exception and its cause. */
	private static final class UnusableValueException extends RuntimeException implements ExitCodeGenerator {

		private static final long serialVersionUID = 1L;

		UnusableValueException(Exception cause) {
			super(cause.getMessage(), cause);
		}

		@Override
		public int getExitCode() {
			return ExitCode.WRONG_CONFIGURATION.number();
		}

	}

}
