package dev.tidemark.sample.customer;

import java.util.List;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reads the view that {@code R__customer_totals.sql} defines. */
@Repository
class CustomerTotals {

	private final JdbcClient jdbcClient;

	CustomerTotals(JdbcClient jdbcClient) {
		this.jdbcClient = jdbcClient;
	}

	List<CustomerTotal> findAll() {
		return this.jdbcClient.sql("""
				SELECT customer_id, customer_name, orders, total
				FROM customer_totals
				ORDER BY total DESC, customer_id""").query(CustomerTotal.class).list();
	}

}
