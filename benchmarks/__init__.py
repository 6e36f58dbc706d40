"""The benchmarks: what pharmasync costs, beside a bare `requests` loop and beside the same design written with Celery.

``make bench`` runs everything and writes a table; ``make bench-quick`` takes about a minute. All traffic is loopback.
"""
