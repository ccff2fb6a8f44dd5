"""Many cases: tables in and out, shards, and the engine in columns."""
