package dev.tidemark.sample.customer;

import java.util.List;

import org.springframework.data.jpa.repository.JpaRepository;

interface CustomerAddressRepository extends JpaRepository<CustomerAddress, Long> {

	List<CustomerAddress> findByCustomerIdOrderById(long customerId);

}
