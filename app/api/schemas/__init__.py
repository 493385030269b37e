"""The shapes that cross the HTTP edge, one module a resource."""
