"""The commonest reasons of refusals."""

from pharmasync.sandbox.demo.reasons import commonest


def test_the_same_reason_on_another_line_is_the_same_reason() -> None:
    messages = [
        "dòng 2: thiếu số lô / line 2: lot number is missing",
        "dòng 5: thiếu số lô / line 5: lot number is missing",
        "thiếu tên cơ sở cung cấp / supplier is missing",
    ]

    assert commonest(messages) == [
        ("thiếu số lô / lot number is missing", 2),
        ("thiếu tên cơ sở cung cấp / supplier is missing", 1),
    ]


def test_the_same_reason_about_another_code_is_the_same_reason_in_the_words_of_one() -> None:
    messages = ["mã HD000004 bị trùng (bản ghi khác: id 60)", "mã PN000011 bị trùng (bản ghi khác: id 7)"]

    assert commonest(messages) == [("mã HD000004 bị trùng (bản ghi khác: id 60)", 2)]


def test_only_the_three_commonest_are_told() -> None:
    messages = ["một", "hai", "hai", "ba", "ba", "ba", "bốn", "bốn", "bốn", "bốn"]

    assert commonest(messages) == [("bốn", 4), ("ba", 3), ("hai", 2)]


def test_without_refusals_there_is_no_reason() -> None:
    assert commonest([]) == []
