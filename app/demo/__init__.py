"""What the service does, shown on stories that come with it. Nothing else depends on this package."""
