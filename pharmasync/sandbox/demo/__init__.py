"""The demo: a small town of twelve pharmacies, a national server in bad weather, and the count at the end.

It starts real servers on free ports of loopback, runs the Procfile's own commands against them, shows how the documents
travel, and then compares the rows with what the national server holds.
"""
