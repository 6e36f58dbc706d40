"""The twelve shops of the demo, one of which has a wrong password."""

from attrs import frozen

RIGHT_PASSWORD = "dung-mat-khau"  # noqa: S105 - a practice password
WRONG_PASSWORD = "sai-mat-khau"  # noqa: S105 - a practice password
SHOPS_IN_ALL = 12
SHOP_WITH_WRONG_PASSWORD = 7


@frozen(kw_only=True)
class Shop:
    """A pharmacy.

    Attributes:
        id: Its ``shop_pharmacy_code``.
        facility: The code that it was issued nationally, its ``pharmacy_code``.
        account: Its account at the national server.
        password: The password that AccountShop has for it, right or wrong.
    """

    id: str
    facility: str
    account: str
    password: str

    @property
    def can_log_in(self) -> bool:
        """Whether its password is right."""
        return self.password == RIGHT_PASSWORD


def _shop(number: int) -> Shop:
    return Shop(
        id=f"NT{number:02}",
        facility=f"01-{1000 + 37 * number}",
        account=f"nhathuoc{number:02}",
        password=WRONG_PASSWORD if number == SHOP_WITH_WRONG_PASSWORD else RIGHT_PASSWORD,
    )


SHOPS = tuple(_shop(number) for number in range(1, SHOPS_IN_ALL + 1))
"""Every shop."""
