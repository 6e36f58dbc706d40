"""Shops' codes, as SQL Server compares them."""


def same_code(shop: str) -> str:
    """What is equal for codes that SQL Server holds to be equal: case and trailing blanks do not count."""
    return shop.rstrip(" ").casefold()
