package dev.tidemark.sample.order;

/** The values of the type {@code order_status}. */
enum OrderStatus {

	NEW, SHIPPED, RETURNED, CANCELLED

}
