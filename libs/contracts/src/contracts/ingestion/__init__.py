"""Generated protobuf of the ingestion events."""
