"""Use cases: the only place where the core, parsing, the network and the store meet."""
