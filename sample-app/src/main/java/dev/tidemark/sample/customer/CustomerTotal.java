package dev.tidemark.sample.customer;

import java.math.BigDecimal;

/**
 * What one customer bought and kept.
 *
 * @param customerId the customer
 * @param customerName the customer's name
 * @param orders the number of orders
 * @param total what they cost together
 */
record CustomerTotal(long customerId, String customerName, long orders, BigDecimal total) {

}
