"""`python -m automation` is `temoin`."""

from automation.cli import main

main()
