package dev.tidemark.test.clone;

import dev.tidemark.sql.StringLiteral;

/**
 * What belongs to a database as a whole and is not copied by {@code CREATE DATABASE}: the
 * settings of {@code ALTER DATABASE … SET}, and the rights of
 * {@code GRANT … ON DATABASE}. Migrations change both.
 */
final class DatabaseSettings {

	/**
	 * A setting is taken over by way of the session, as only the server knows how each is
	 * to be quoted.
	 */
	private static final String COPY = """
			DO $copy$
			DECLARE
			  setting record;
			  before text;
			  acl record;
			BEGIN
			  FOR setting IN
			    SELECT s.setrole, pg_catalog.split_part(c, '=', 1) AS name,
			           pg_catalog.substr(c, pg_catalog.strpos(c, '=') + 1) AS value
			      FROM pg_catalog.pg_db_role_setting s
			      JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase, pg_catalog.unnest(s.setconfig) c
			     WHERE d.datname = :from
			  LOOP
			    before := pg_catalog.current_setting(setting.name, true);
			    PERFORM pg_catalog.set_config(setting.name, setting.value, true);
			    EXECUTE pg_catalog.format(
			      CASE WHEN setting.setrole = 0 THEN 'ALTER DATABASE %1$I SET %3$s FROM CURRENT'
			           ELSE 'ALTER ROLE %2$I IN DATABASE %1$I SET %3$s FROM CURRENT' END,
			      :to, pg_catalog.pg_get_userbyid(setting.setrole), setting.name);
			    PERFORM pg_catalog.set_config(setting.name, before, true);
			  END LOOP;
			  IF EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = :from AND datacl IS NOT NULL) THEN
			    EXECUTE pg_catalog.format('REVOKE ALL ON DATABASE %I FROM PUBLIC', :to);
			  END IF;
			  FOR acl IN
			    SELECT a.privilege_type, a.is_grantable AND a.grantee <> d.datdba AS is_grantable,
			           CASE WHEN a.grantee = 0 THEN 'PUBLIC'
			                ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END AS grantee
			      FROM pg_catalog.pg_database d, pg_catalog.aclexplode(d.datacl) a
			     WHERE d.datname = :from
			  LOOP
			    EXECUTE pg_catalog.format('GRANT %s ON DATABASE %I TO %s%s', acl.privilege_type, :to, acl.grantee,
			      CASE WHEN acl.is_grantable THEN ' WITH GRANT OPTION' END);
			  END LOOP;
			END $copy$""";

	private DatabaseSettings() {
	}

	/** Returns the statement that copies them. */
	static String copy(String from, String to) {
		return COPY.replace(":from", StringLiteral.quote(from)).replace(":to", StringLiteral.quote(to));
	}

}
