"""``python -m pharmasync``: the command line."""

from pharmasync.commands import main

main()
