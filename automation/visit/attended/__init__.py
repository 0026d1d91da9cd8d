"""The attended objection: to the site's own button and no further, one request released by a person, its proof kept."""
