package dev.tidemark.test.undo;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;

import dev.tidemark.error.ServerError;
import dev.tidemark.session.connect.ConnectionSource;

/**
 * What a database consists of besides its rows, a line for each thing. Identifiers of the
 * server and the places of dropped columns are left out, so that two databases that do
 * the same have the same lines.
 *
 * @param lines the lines
 */
record CatalogueSnapshot(SortedSet<String> lines) {

	private static final UUID SALT = UUID.randomUUID();

	/** What belongs to somebody else than the server. */
	private static final String OWN = " NOT LIKE ALL (ARRAY['pg\\_%', 'information\\_schema'])";

	private static final List<String> QUERIES = List.of(
			"SELECT pg_catalog.format('database: owner %s, rights %s, connection limit %s, comment %s', datdba::regrole, "
					+ acl("datacl", "'d'", "datdba") + ", datconnlimit, shobj_description(oid, 'pg_database'))"
					+ " FROM pg_database WHERE datname = current_database()",
			"SELECT pg_catalog.format('schema %I: owner %s, rights %s', nspname, nspowner::regrole, "
					+ acl("nspacl", "'n'", "nspowner") + ") FROM pg_namespace WHERE nspname" + OWN,
			"SELECT pg_catalog.format('extension %I: version %s, schema %s', extname, extversion, extnamespace::regnamespace)"
					+ " FROM pg_extension",
			"SELECT pg_catalog.format('relation %s: kind %s, persistence %s, owner %s, rights %s, options %s, row security %s"
					+ " forced %s, partition %s, partitioned by %s, access method %s, replica identity %s, tablespace %s',"
					+ " c.oid::regclass," + " c.relkind," + " c.relpersistence, c.relowner::regrole, "
					+ acl("c.relacl", "CASE c.relkind WHEN 'S' THEN 's'::\"char\" ELSE 'r'::\"char\" END", "c.relowner")
					+ ", c.reloptions, c.relrowsecurity, c.relforcerowsecurity, pg_get_expr(c.relpartbound, c.oid),"
					+ " CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END, a.amname, c.relreplident,"
					+ " (SELECT s.spcname FROM pg_tablespace s WHERE s.oid = c.reltablespace)) FROM pg_class c"
					+ " LEFT JOIN pg_am a ON a.oid = c.relam JOIN pg_namespace n ON n.oid = c.relnamespace"
					+ " WHERE n.nspname" + OWN,
			"SELECT pg_catalog.format('inheritance: %s of %s', inhrelid::regclass, inhparent::regclass) FROM pg_inherits",
			"""
					SELECT pg_catalog.format('column %s.%I: place %s, type %s, not null %s, default %s, identity %s,'
					  ' generated %s, collation %s, storage %s, compression %s, statistics %s, options %s, foreign options %s,'
					  ' rights %s', a.attrelid::regclass, a.attname,
					  row_number() OVER (PARTITION BY a.attrelid ORDER BY a.attnum), format_type(a.atttypid, a.atttypmod),
					  a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated,
					  CASE WHEN a.attcollation <> 0 THEN a.attcollation::regcollation END, a.attstorage,
					  a.attcompression, a.attstattarget, a.attoptions, a.attfdwoptions,
					  (SELECT array_agg(x::text ORDER BY x::text) FROM unnest(a.attacl) x))
					FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
					JOIN pg_namespace n ON n.oid = c.relnamespace
					LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
					WHERE a.attnum > 0 AND NOT a.attisdropped AND n.nspname"""
					+ OWN,
			"SELECT pg_catalog.format('constraint %I of %s: %s, validated %s', c.conname, CASE WHEN c.conrelid <> 0 THEN"
					+ " c.conrelid::regclass::text ELSE c.contypid::regtype::text END, pg_get_constraintdef(c.oid),"
					+ " c.convalidated) FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace"
					+ " WHERE n.nspname" + OWN,
			"SELECT pg_catalog.format('index %s: %s, valid %s, clustered %s, replica identity %s', i.indexrelid::regclass,"
					+ " pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisclustered, i.indisreplident) FROM pg_index i"
					+ " JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
					+ " WHERE n.nspname" + OWN,
			"SELECT pg_catalog.format('view %s: %s', c.oid::regclass, pg_get_viewdef(c.oid)) FROM pg_class c"
					+ " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('v', 'm') AND n.nspname"
					+ OWN,
			"SELECT pg_catalog.format('function %s: %s, owner %s, rights %s', p.oid::regprocedure, CASE WHEN p.prokind = 'a'"
					+ " THEN 'aggregate' ELSE pg_get_functiondef(p.oid) END, p.proowner::regrole, "
					+ acl("p.proacl", "'f'", "p.proowner")
					+ ") FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname" + OWN,
			"SELECT pg_catalog.format('type %s: kind %s, owner %s, rights %s, values %s, base %s, not null %s, default %s',"
					+ " t.oid::regtype, t.typtype, t.typowner::regrole, " + acl("t.typacl", "'T'", "t.typowner")
					+ ", (SELECT array_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid),"
					+ " CASE WHEN t.typbasetype <> 0 THEN format_type(t.typbasetype, t.typtypmod) END, t.typnotnull,"
					+ " t.typdefault) FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace"
					+ " WHERE t.typrelid = 0 AND n.nspname" + OWN,
			"SELECT pg_catalog.format('sequence %s: type %s, start %s, increment %s, from %s to %s, cache %s, cycle %s,"
					+ " owned by %s',"
					+ " s.seqrelid::regclass, s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmin, s.seqmax,"
					+ " s.seqcache, s.seqcycle, (SELECT format('%s.%I', a.attrelid::regclass, a.attname) FROM pg_depend d"
					+ " JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid"
					+ " WHERE d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid"
					+ " AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i'))) FROM pg_sequence s",
			"SELECT pg_catalog.format('foreign table %s: server %s, options %s', t.ftrelid::regclass, s.srvname, t.ftoptions)"
					+ " FROM pg_foreign_table t JOIN pg_foreign_server s ON s.oid = t.ftserver",
			"SELECT pg_catalog.format('settings of the database for %s: %s', CASE WHEN s.setrole <> 0 THEN"
					+ " s.setrole::regrole::text ELSE 'all' END, s.setconfig) FROM pg_db_role_setting s"
					+ " JOIN pg_database d ON d.oid = s.setdatabase WHERE d.datname = current_database()",
			"SELECT pg_catalog.format('trigger %I of %s: %s, enabled %s', t.tgname, t.tgrelid::regclass,"
					+ " pg_get_triggerdef(t.oid), t.tgenabled) FROM pg_trigger t WHERE NOT t.tgisinternal",
			"SELECT pg_catalog.format('rule %I of %s: %s, enabled %s', r.rulename, r.ev_class::regclass,"
					+ " pg_get_ruledef(r.oid), r.ev_enabled) FROM pg_rewrite r WHERE r.oid >= 16384"
					+ " AND r.rulename <> '_RETURN'",
			"SELECT pg_catalog.format('policy %I of %s: command %s, permissive %s, roles %s, using %s, check %s', p.polname,"
					+ " p.polrelid::regclass, p.polcmd, p.polpermissive, (SELECT array_agg(CASE r WHEN 0 THEN 'public' ELSE"
					+ " r::regrole::text END ORDER BY 1) FROM unnest(p.polroles) r), pg_get_expr(p.polqual, p.polrelid),"
					+ " pg_get_expr(p.polwithcheck, p.polrelid)) FROM pg_policy p",
			"SELECT pg_catalog.format('statistics %s: %s', s.stxname, pg_get_statisticsobjdef(s.oid)) FROM pg_statistic_ext s",
			"SELECT pg_catalog.format('default rights of %s in %s on %s: %s', d.defaclrole::regrole, CASE WHEN"
					+ " d.defaclnamespace <> 0 THEN d.defaclnamespace::regnamespace END, d.defaclobjtype,"
					+ " (SELECT array_agg(x::text ORDER BY x::text) FROM unnest(d.defaclacl) x)) FROM pg_default_acl d",
			"SELECT pg_catalog.format('publication %I: all tables %s, insert %s, update %s, delete %s, truncate %s', pubname,"
					+ " puballtables, pubinsert, pubupdate, pubdelete, pubtruncate) FROM pg_publication",
			"SELECT pg_catalog.format('publication %I: %s', p.pubname, r.prrelid::regclass) FROM pg_publication_rel r"
					+ " JOIN pg_publication p ON p.oid = r.prpubid",
			"SELECT pg_catalog.format('publication %I of %s: %s', t.pubname, format('%I.%I', t.schemaname, t.tablename),"
					+ " to_jsonb(t) - ARRAY['pubname', 'schemaname', 'tablename']) FROM pg_publication_tables t",
			"SELECT pg_catalog.format('subscription %I: owner %s, enabled %s, publications %s, slot %s', subname,"
					+ " subowner::regrole, subenabled, subpublications, subslotname) FROM pg_subscription"
					+ " WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())",
			"SELECT pg_catalog.format('foreign data wrapper %I: owner %s, rights %s, handler %s, validator %s, options %s',"
					+ " w.fdwname, w.fdwowner::regrole, " + acl("w.fdwacl", "'F'", "w.fdwowner")
					+ ", w.fdwhandler::regproc, w.fdwvalidator::regproc, " + digest("w.fdwoptions")
					+ ") FROM pg_foreign_data_wrapper w",
			"SELECT pg_catalog.format('server %I: wrapper %s, type %s, version %s, owner %s, rights %s, options %s',"
					+ " s.srvname, w.fdwname, s.srvtype, s.srvversion, s.srvowner::regrole, "
					+ acl("s.srvacl", "'S'", "s.srvowner") + ", " + digest("s.srvoptions")
					+ ") FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw",
			"SELECT pg_catalog.format('user mapping of %s at %I: options %s', m.usename, m.srvname, "
					+ digest("m.umoptions") + ") FROM pg_user_mappings m",
			"SELECT pg_catalog.format('event trigger %I: on %s, calls %s, enabled %s, tags %s', evtname, evtevent,"
					+ " evtfoid::regprocedure, evtenabled, evttags) FROM pg_event_trigger",
			"SELECT pg_catalog.format('comment on %s %s: %s', o.type, o.identity, d.description) FROM pg_description d,"
					+ " pg_identify_object(d.classoid, d.objoid, d.objsubid) o WHERE d.objoid >= 16384 OR d.classoid ="
					+ " 'pg_namespace'::regclass",
			others("pg_am"), others("pg_cast"), others("pg_collation"), others("pg_conversion"), others("pg_language"),
			others("pg_operator"), others("pg_opclass"), others("pg_opfamily"), others("pg_transform"),
			others("pg_ts_config"), others("pg_ts_dict"), others("pg_ts_parser"), others("pg_ts_template"));

	/** From version 15 on there are publications of all tables of a schema. */
	private static final String PUBLISHED_SCHEMAS = "SELECT pg_catalog.format('publication %I: schema %s', p.pubname,"
			+ " n.pnnspid::regnamespace) FROM pg_publication_namespace n JOIN pg_publication p ON p.oid = n.pnpubid";

	/**
	 * Roles belong to the server, so most of them are somebody else's. What membership
	 * means besides depends on the server's version.
	 */
	private static final String ROLES = """
			SELECT r.rolname, pg_catalog.format('role %I: superuser %s, inherits %s, creates roles %s, creates databases %s,'
			  ' logs in %s, replicates %s, bypasses row security %s, connection limit %s, valid until %s, settings %s',
			  r.rolname, r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb, r.rolcanlogin, r.rolreplication,
			  r.rolbypassrls, r.rolconnlimit, r.rolvaliduntil, r.rolconfig)
			FROM pg_roles r
			UNION ALL
			SELECT m.roleid::regrole::text, pg_catalog.format('role %s: member %s, %s', m.roleid::regrole, m.member::regrole,
			  to_jsonb(m) - ARRAY['oid', 'roleid', 'member', 'grantor'])
			FROM pg_auth_members m""";

	/** Rights that were granted and revoked again are the same as none ever granted. */
	private static String acl(String acl, String kind, String owner) {
		return "(SELECT array_agg(x::text ORDER BY x::text) FROM unnest(coalesce(" + acl + ", acldefault(" + kind + ", "
				+ owner + "))) x)";
	}

	/**
	 * Options may hold passwords, so no message shows them, nor a digest that would be
	 * the same elsewhere.
	 */
	private static String digest(String options) {
		return "left(encode(sha256(convert_to('" + SALT + "' || " + options + "::text, 'UTF8')), 'hex'), 16)";
	}

	/** Of what is rare only the name is compared. */
	private static String others(String catalogue) {
		return "SELECT pg_catalog.format('%s %s', o.type, o.identity) FROM " + catalogue + " c, pg_identify_object('"
				+ catalogue + "'::regclass, c.oid, 0) o WHERE c.oid >= 16384";
	}

	/**
	 * Looks at the catalogue.
	 * @param database the database
	 * @param theirs tells the roles that the files are about
	 * @return what is there
	 */
	static CatalogueSnapshot of(ConnectionSource database, Predicate<String> theirs) {
		SortedSet<String> lines = new TreeSet<>();
		try (Connection connection = database.openBeside("tidemark snapshot", Duration.ofSeconds(10))) {
			boolean autoCommit = connection.getAutoCommit();
			connection.setAutoCommit(false);
			try (Statement statement = connection.createStatement()) {
				statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;"
						+ " SET LOCAL search_path = pg_catalog");
				for (String query : QUERIES) {
					read(statement, query, lines);
				}
				if (connection.getMetaData().getDatabaseMajorVersion() >= 15) {
					read(statement, PUBLISHED_SCHEMAS, lines);
				}
				readRoles(statement, theirs, lines);
			}
			finally {
				connection.rollback();
				connection.setAutoCommit(autoCommit);
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException("The catalogue of " + database + " cannot be read",
					ServerError.withoutSecrets(ex));
		}
		return new CatalogueSnapshot(lines);
	}

	private static void read(Statement statement, String query, Collection<String> lines) throws SQLException {
		try (ResultSet results = statement.executeQuery(query)) {
			while (results.next()) {
				lines.add(results.getString(1));
			}
		}
	}

	private static void readRoles(Statement statement, Predicate<String> theirs, Collection<String> lines)
			throws SQLException {
		try (ResultSet results = statement.executeQuery(ROLES)) {
			while (results.next()) {
				if (theirs.test(results.getString(1))) {
					lines.add(results.getString(2));
				}
			}
		}
	}

	/** Returns the lines that this has and the other has not. */
	Set<String> without(CatalogueSnapshot other) {
		Set<String> without = new TreeSet<>(this.lines);
		without.removeAll(other.lines);
		return without;
	}

	/** Returns what this becomes by a change that led from one snapshot to another. */
	CatalogueSnapshot after(CatalogueSnapshot from, CatalogueSnapshot to) {
		SortedSet<String> changed = new TreeSet<>(this.lines);
		changed.removeAll(from.without(to));
		changed.addAll(to.without(from));
		return new CatalogueSnapshot(changed);
	}

}
