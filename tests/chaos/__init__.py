"""The crash matrix: runs the real processes against the real parts of the demo, breaks them, and counts.

``python -m tests.chaos`` runs every row, ``--row NAME`` one of them, ``--seed N`` makes the same choices again. Nothing
in production code can be switched on for it: the processes that it runs, ``tests.chaos.actors`` and
``tests.chaos.producer``, assemble production's own parts from the same settings and wrap the seams between them.
"""
