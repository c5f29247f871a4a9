"""The vocabulary and the shapes as people read them: the same for pages and for documentation."""
