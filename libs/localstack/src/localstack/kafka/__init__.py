"""A real Apache Kafka broker in KRaft mode."""
