"""Pages that the service itself renders, for people. No script, nothing fetched from elsewhere."""
