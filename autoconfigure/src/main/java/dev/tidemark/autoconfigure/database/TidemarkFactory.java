package dev.tidemark.autoconfigure.database;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

import dev.tidemark.Tenants;
import dev.tidemark.Tidemark;
import dev.tidemark.autoconfigure.TidemarkConnectionDetails;
import dev.tidemark.autoconfigure.TidemarkCustomizer;
import dev.tidemark.autoconfigure.backfill.BackfillBeans;
import dev.tidemark.autoconfigure.backfill.ReadinessProbe;
import dev.tidemark.autoconfigure.code.EarlyBeans;
import dev.tidemark.autoconfigure.code.OrderedBeans;
import dev.tidemark.autoconfigure.code.UnregisteredCode;
import dev.tidemark.autoconfigure.connection.ConnectionChoice;
import dev.tidemark.autoconfigure.connection.PropertiesTidemarkConnectionDetails;
import dev.tidemark.autoconfigure.exit.StartFailedException;
import dev.tidemark.autoconfigure.properties.TenantsProperties;
import dev.tidemark.autoconfigure.properties.TidemarkProperties;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.preview.BackupEvidence;
import dev.tidemark.tenant.TenantSchemas;
import dev.tidemark.tenant.TenantsListener;

/**
 * Makes a {@link Tidemark} of properties and beans.
 *
 * @since 0.1.0
 */
public final class TidemarkFactory {

	/** What the database without a name is called. */
	private static final String UNNAMED = "tidemark";

	private final ConfigurableApplicationContext context;

	private final ObjectProvider<DataSource> tidemarkDataSource;

	public TidemarkFactory(ConfigurableApplicationContext context, ObjectProvider<DataSource> tidemarkDataSource) {
		this.context = context;
		this.tidemarkDataSource = tidemarkDataSource;
	}

	/** Makes the one of a database. */
	public Tidemark tidemark(String name) {
		return made(() -> tidemark(name, properties(name)));
	}

	/** Makes the tenants of a database. */
	public Tenants tenants(String name) {
		TidemarkProperties properties = properties(name);
		return tenants(made(() -> tidemark(name, properties)), properties.tenants(), null);
	}

	private TidemarkProperties properties(String name) {
		return this.context.getBean(TidemarkDatabases.class).properties(name);
	}

	private Tidemark tidemark(String name, TidemarkProperties properties) {
		boolean own = this.context.getBean(TidemarkDatabases.class).namesDatabase(name);
		PropertiesTidemarkConnectionDetails details = new PropertiesTidemarkConnectionDetails(properties.connection());
		return tidemark(name, TidemarkDatabases.property(name, ""), own, properties,
				own ? details : beans().getBeanProvider(TidemarkConnectionDetails.class).getIfAvailable(() -> details));
	}

	/** Makes the one without a name. */
	public Tidemark tidemark(TidemarkProperties properties, TidemarkConnectionDetails details) {
		return made(() -> tidemark(UNNAMED, "tidemark.", false, properties, details));
	}

	/** What cannot be made ends the process with an exit code of ours. */
	private static <T> T made(Supplier<T> made) {
		try {
			return made.get();
		}
		catch (TidemarkException ex) {
			throw new StartFailedException(ex, false);
		}
	}

	private Tidemark tidemark(String name, String prefix, boolean own, TidemarkProperties properties,
			TidemarkConnectionDetails details) {
		return new SettingNames(prefix).during(() -> named(name, prefix, own, properties, details));
	}

	private Tidemark named(String name, String prefix, boolean own, TidemarkProperties properties,
			TidemarkConnectionDetails details) {
		Environment environment = this.context.getEnvironment();
		PropertiesTidemarkCustomizer settings = new PropertiesTidemarkCustomizer(prefix, properties,
				ReadinessProbe.isShown(beans(), environment));
		ConnectionChoice choice = new ConnectionChoice(beans(), environment, prefix, own, details, properties,
				this.tidemarkDataSource);
		Tidemark.Builder builder = Tidemark.builder(choice.choose()).name(name).settingsPrefix(prefix);
		builder.siblings(this::all);
		builder.leaveOut((code) -> new UnregisteredCode(this.context).isSettled(code, all()));
		builder.application(environment.getProperty("spring.application.name"),
				version(environment, beans().getBeanProvider(BuildProperties.class).getIfAvailable()),
				instance(environment));
		builder.environments(profiles(environment));
		beans().getBeanProvider(Clock.class).ifUnique(builder::clock);
		OrderedBeans ordered = new OrderedBeans(beans());
		EarlyBeans.migrations(ordered).forEach(builder::migration);
		EarlyBeans.backfills(ordered).forEach(builder::backfill);
		EarlyBeans.callbacks(ordered).forEach(builder::callback);
		builder.listener(new StartupStepListener(this.context.getApplicationStartup(), name));
		ordered.get(RunListener.class).forEach(builder::listener);
		backupEvidence().forEach(builder::backupEvidence);
		new BackfillBeans(beans()).addTo(builder);
		settings.customize(builder);
		ordered.get(TidemarkCustomizer.class).forEach((customizer) -> customizer.customize(name, builder));
		return builder.build();
	}

	/** A plan asks them, if it is made at all; nothing else has to wait for them. */
	private Stream<BackupEvidence> backupEvidence() {
		return Stream
			.of(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans(), BackupEvidence.class, true, false))
			.filter((bean) -> !ScopedProxyUtils.isScopedTarget(bean))
			.map((bean) -> (database) -> beans().getBean(bean, BackupEvidence.class).newest(database));
	}

	/**
	 * Makes the tenants whose schemas properties and a bean know.
	 * @param beans those of which a single one counts if properties name none, or
	 * {@code null}
	 */
	public Tenants tenants(Tidemark tidemark, TenantsProperties properties,
			@Nullable ObjectProvider<TenantSchemas> beans) {
		return made(() -> tenantsOf(tidemark, properties, beans));
	}

	private Tenants tenantsOf(Tidemark tidemark, TenantsProperties properties,
			@Nullable ObjectProvider<TenantSchemas> beans) {
		List<String> listed = properties.schemas();
		TenantSchemas provider = (properties.provider() != null) ? provider(properties.provider())
				: (beans != null) ? EarlyBeans.tenants(beans::getIfUnique) : null;
		if (provider == null && listed.isEmpty()) {
			throw new TidemarkException(Problem.error(ErrorCode.TENANTS_UNKNOWN, null,
					"The tenants are not known: there are several TenantSchemas beans, "
							+ String.join(", ", beans().getBeanNamesForType(TenantSchemas.class, true, false)) + ".",
					"Name one as tidemark.tenants.provider, or mark one with @Primary."));
		}
		TenantSchemas schemas = (provider == null) ? TenantSchemas.of(listed)
				: (listed.isEmpty()) ? provider : () -> both(listed, provider);
		Tenants.Builder builder = Tenants.builder(tidemark, schemas)
			.connections(properties.connections())
			.onFailure(properties.onFailure());
		new OrderedBeans(beans()).get(TenantsListener.class).forEach(builder::listener);
		return builder.build();
	}

	private static Collection<String> both(List<String> listed, TenantSchemas provider) {
		List<String> all = new ArrayList<>(listed);
		all.addAll(provider.names());
		return all;
	}

	private TenantSchemas provider(String name) {
		try {
			return EarlyBeans.tenants(() -> beans().getBean(name, TenantSchemas.class));
		}
		catch (NoSuchBeanDefinitionException ex) {
			if (!name.equals(ex.getBeanName())) {
				throw ex;
			}
			throw new TidemarkException(Problem.error(ErrorCode.TENANTS_UNKNOWN, null,
					"The tenants are not known: there is no TenantSchemas bean named '" + name + "'.",
					"Correct tidemark.tenants.provider (of a database: tidemark.databases.<name>.tenants.provider), or define the bean."));
		}
	}

	/** Returns all databases of the application, those of tenants too. */
	private List<Tidemark> all() {
		return Stream.concat(all(Tidemark.class), all(Tenants.class).map(Tenants::tidemark)).toList();
	}

	/** A template for tests is migrated while the bean is made that it is for. */
	private <T> Stream<T> all(Class<T> type) {
		return Stream.of(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans(), type, true, false))
			.filter((bean) -> !beans().isCurrentlyInCreation(bean))
			.map((bean) -> beans().getBean(bean, type));
	}

	private ConfigurableListableBeanFactory beans() {
		return this.context.getBeanFactory();
	}

	private static Set<String> profiles(Environment environment) {
		String[] active = environment.getActiveProfiles();
		return Set.of((active.length > 0) ? active : environment.getDefaultProfiles());
	}

	private static @Nullable String version(Environment environment, @Nullable BuildProperties build) {
		String version = environment.getProperty("spring.application.version");
		return (StringUtils.hasText(version) || build == null) ? version : build.getVersion();
	}

	private static String instance(Environment environment) {
		String host = environment.getProperty("HOSTNAME");
		return (StringUtils.hasText(host) ? host : localHost()) + ":" + ProcessHandle.current().pid();
	}

	private static String localHost() {
		try {
			return InetAddress.getLocalHost().getHostName();
		}
		catch (UnknownHostException ex) {
			return "localhost";
		}
	}

}
