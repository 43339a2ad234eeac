package dev.tidemark.catalogue;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import org.slf4j.Logger;

import dev.tidemark.error.PlainLogger;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.session.Session;
import dev.tidemark.sql.Operators;
import dev.tidemark.sql.PlainText;
import dev.tidemark.sql.StringLiteral;

/**
 * What others have put on the history table that has a say in what is written to it.
 *
 * @since 0.1.0
 */
public final class Bystanders {

	private static final String QUERY = Operators.qualified("""
			SELECT pg_catalog.concat('trigger ', pg_catalog.quote_ident(t.tgname), ' (function ',
			    pg_catalog.quote_ident(n.nspname), '.', pg_catalog.quote_ident(p.proname), ')')
			FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
			JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
			WHERE (t.tgrelid = pg_catalog.to_regclass(history)) AND NOT t.tgisinternal AND (t.tgenabled <> 'D')
			UNION ALL SELECT pg_catalog.concat('rule ', pg_catalog.quote_ident(r.rulename))
			FROM pg_catalog.pg_rewrite r
			WHERE (r.ev_class = pg_catalog.to_regclass(history)) AND (r.ev_enabled <> 'D')
			UNION ALL SELECT pg_catalog.concat('policy ', pg_catalog.quote_ident(y.polname))
			FROM pg_catalog.pg_policy y JOIN pg_catalog.pg_class c ON c.oid = y.polrelid
			WHERE (c.oid = pg_catalog.to_regclass(history)) AND c.relrowsecurity
			ORDER BY 1 LIMIT 10
			""");

	private static final Logger logger = PlainLogger.of(Bystanders.class);

	private Bystanders() {
	}

	/**
	 * Names the triggers, rules and policies that are in force. A transaction that is
	 * open is rolled back: it has failed.
	 * @return what each is, with its name; empty also where that cannot be read
	 */
	public static List<String> of(Session session, HistoryTable table) {
		List<String> found = new ArrayList<>();
		try {
			session.rollBack();
			String query = QUERY.replace("(history)", "(" + StringLiteral.quote(table.qualifiedName()) + ")");
			try (Statement statement = session.connection().createStatement();
					ResultSet results = statement.executeQuery(query)) {
				while (results.next()) {
					found.add(PlainText.line(results.getString(1)));
				}
			}
		}
		catch (SQLException ex) {
			logger.debug("What is on the history table could not be read: {}", session.errorOf(ex));
		}
		return found;
	}

}
