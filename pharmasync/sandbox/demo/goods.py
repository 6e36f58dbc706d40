"""What the pharmacies of the demo trade in. The drugs are common ones; codes, firms and people are made up."""

from attrs import frozen


@frozen
class Drug:
    """A drug: its name, strength, unit, route, dose, and its price in dong."""

    name: str
    strength: str
    unit: str
    route: str
    dose: str
    price: int


DRUGS = (
    Drug("Paracetamol", "500 mg", "viên", "uống", "1 viên khi sốt, cách nhau 6 giờ", 600),
    Drug("Amoxicillin", "500 mg", "viên", "uống", "1 viên x 3 lần mỗi ngày", 1_400),
    Drug("Cefuroxim", "250 mg", "viên", "uống", "1 viên x 2 lần mỗi ngày", 4_200),
    Drug("Metformin", "850 mg", "viên", "uống", "1 viên sau bữa tối", 900),
    Drug("Amlodipin", "5 mg", "viên", "uống", "1 viên buổi sáng", 700),
    Drug("Losartan", "50 mg", "viên", "uống", "1 viên buổi sáng", 1_900),
    Drug("Omeprazol", "20 mg", "viên", "uống", "1 viên trước bữa sáng", 1_100),
    Drug("Loratadin", "10 mg", "viên", "uống", "1 viên mỗi ngày", 800),
    Drug("Salbutamol", "100 mcg/liều", "bình xịt", "hít", "2 nhát khi khó thở", 76_000),
    Drug("Oresol", "4,1 g/gói", "gói", "uống", "pha 1 gói trong 200 ml nước", 2_500),
    Drug("Natri clorid 0,9%", "10 ml", "lọ", "nhỏ mắt", "2 giọt x 3 lần mỗi ngày", 3_000),
    Drug("Vitamin C", "500 mg", "viên", "uống", "1 viên mỗi ngày", 500),
    Drug("Berberin", "100 mg", "viên", "uống", "2 viên x 2 lần mỗi ngày", 400),
    Drug("Hydrocortison", "1 %", "tuýp", "bôi ngoài da", "bôi mỏng 2 lần mỗi ngày", 24_000),
)

SUPPLIERS = ("Công ty Dược Mẫu Một", "Công ty Dược Mẫu Hai", "Kho thuốc Ví Dụ")
SELLERS = ("Dược sĩ Mẫu Sáng", "Dược sĩ Mẫu Chiều", None)
BUYERS = ("Khách Mẫu Một", "Khách Mẫu Hai", "Khách Mẫu Ba", None)
NOTES = ("", "hàng gần hết hạn", "bao bì rách")


def drug_code(drug: Drug) -> str:
    """The drug's made-up national code."""
    return f"DQGM{DRUGS.index(drug) + 1:06}"
