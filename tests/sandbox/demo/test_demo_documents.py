"""The documents of the demo: the same for the same seed, and wrong only where they are meant to be."""

from collections import Counter, defaultdict
from datetime import date
from random import Random

import pytest

from pharmasync.documents import DOCUMENT_TYPES, read_document
from pharmasync.errors import FaultyDocumentError
from pharmasync.sandbox.demo.documents import MadeDocument, make_documents
from pharmasync.sandbox.demo.flaws import CODE_TWICE, FLAWS, OTHER_FACILITY, spoil_some
from pharmasync.sandbox.demo.shops import SHOPS

TODAY = date(2026, 3, 14)
SEEN_ELSEWHERE = {None, CODE_TWICE, OTHER_FACILITY}
"""Flaws that a look at one document does not show."""


def documents(count: int = 600, seed: int = 1) -> list[MadeDocument]:
    dice = Random(seed)  # noqa: S311 - repeatable
    return spoil_some(make_documents(count, dice, TODAY), dice)


def test_the_same_seed_makes_the_same_documents() -> None:
    assert documents(seed=5) == documents(seed=5)
    assert documents(seed=5) != documents(seed=6)


def test_every_shop_has_as_many_documents_and_every_type_occurs() -> None:
    made = documents()

    assert Counter(document.shop for document in made) == dict.fromkeys(SHOPS, 50)
    assert {document.kind.name for document in made} == {kind.name for kind in DOCUMENT_TYPES}


def test_a_document_has_about_three_lines() -> None:
    made = documents()

    assert 2.5 < sum(len(document.lines) for document in made) / len(made) < 3.5


def test_every_column_of_the_tables_has_a_value() -> None:
    for document in documents():
        assert {*document.header, document.kind.local_id} == set(document.kind.header_columns)
        for line in document.lines:
            assert set(document.kind.line_columns) <= set(line)


def test_no_two_shops_share_a_facility_or_an_account() -> None:
    assert len({shop.facility for shop in SHOPS}) == len({shop.account for shop in SHOPS}) == len(SHOPS) == 12


def test_one_shop_has_a_wrong_password_and_sound_documents_only() -> None:
    locked_out = [shop for shop in SHOPS if not shop.can_log_in]

    assert len(locked_out) == 1
    assert all(document.flaw is None for document in documents() if document.shop in locked_out)


def test_shops_use_the_same_codes() -> None:
    shops_of_code = defaultdict(set)
    for document in documents():
        shops_of_code[document.kind.name, document.local_id].add(document.shop.id)

    assert len(shops_of_code["sales_invoice", "HD000001"]) > 1


@pytest.mark.parametrize("count", [60, 120, 600, 2000])
def test_some_documents_are_wrong_in_every_known_way(count: int) -> None:
    flaws = [document.flaw for document in documents(count) if document.flaw]

    assert set(flaws) == {CODE_TWICE, *(flaw.name for flaw in FLAWS)}
    assert len(flaws) <= max(12, count * 0.05 + 1)


@pytest.mark.parametrize("seed", range(5))
def test_exactly_the_documents_with_a_visible_flaw_break_the_rules(seed: int) -> None:
    for document in documents(seed=seed):
        header = {**document.header, document.kind.local_id: document.local_id, "facility_code": document.facility}
        if document.flaw in SEEN_ELSEWHERE:
            read_document(document.kind, header, document.lines)
        else:
            with pytest.raises(FaultyDocumentError):
                read_document(document.kind, header, document.lines)


def test_a_code_is_used_twice_in_a_shop_only_where_that_is_the_flaw() -> None:
    users = defaultdict(list)
    for document in documents():
        users[document.kind.name, document.shop.id, document.local_id].append(document.flaw)

    assert any(len(flaws) == 2 for flaws in users.values())
    for flaws in users.values():
        assert flaws == [CODE_TWICE] * 2 or (len(flaws) == 1 and flaws != [CODE_TWICE])
