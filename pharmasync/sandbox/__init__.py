"""Practice servers: what the tests and the demo run against instead of the real ones."""
