"""Full-text search: an index of one snapshot in one file, and how it is asked."""
