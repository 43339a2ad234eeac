package dev.tidemark.sample.order;

import java.math.BigDecimal;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

/**
 * One line of an order.
 *
 * @param productId the product
 * @param quantity the number of pieces
 * @param unitPrice the price of one piece when it was ordered
 */
@Embeddable
record OrderLine(@Column(nullable = false) long productId, @Column(nullable = false) int quantity,
		@Column(nullable = false, precision = 12, scale = 2) BigDecimal unitPrice) {

}
