"""The structure of an inbox: its rows and links, views and pages, what opens them, and whether a list is whole."""
