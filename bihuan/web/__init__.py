"""Pages: views, forms, templates, tags, static files."""
