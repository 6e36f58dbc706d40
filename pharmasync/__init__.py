"""pharmasync delivers every pharmacy document to the national pharmacy database: nothing lost, nothing twice."""

__version__ = "0.1.0"
