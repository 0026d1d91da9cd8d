"""`temoin verify`, `stamp`, `keys` and `bundle`: what is done with sealed evidence."""
