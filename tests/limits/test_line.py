"""The line: who may be asked for, who is sent away and why, and when to look again; no clock runs here."""

from collections.abc import Callable

import pytest

from pharmasync.limits.limits import Limits, Patience
from pharmasync.limits.line import LARGEST, LEAD_SECONDS, POLL_SECONDS, RATE_PAUSE_SECONDS, STARVING_SECONDS, Line
from pharmasync.limits.ticket import Admitted, Ask, Refusal, Ticket

Tickets = Callable[..., list[Ticket]]

RATE_ONLY = Limits(max_rps=1.0)
SHOP_PATIENCE = Patience().shop
PATIENCE = Patience().overall


def line_of(limits: Limits, tickets: list[Ticket]) -> Line:
    line = Line(limits)
    for ticket in tickets:
        line.join(ticket)
    return line


def shops(asked: list[Ask]) -> str:
    return "".join(ask.ticket.shop_id for ask in asked)


def admit(line: Line, now: float = 0.0) -> list[Ticket]:
    """Admits everybody who may be asked for."""
    asked = line.ready(now)
    return line.settle(asked, [Admitted(0.0)] * len(asked), now)


def test_nobody_is_asked_for_where_nobody_waits() -> None:
    line = Line(RATE_ONLY)
    assert line.ready(0.0) == []
    assert line.next_look(0.0) is None


def test_many_are_asked_for_together_in_the_order_of_their_turns(tickets: Tickets) -> None:
    assert shops(line_of(RATE_ONLY, tickets(*"AAABB")).ready(0.0)) == "ABABA"


def test_a_trip_has_a_largest_company(tickets: Tickets) -> None:
    assert len(line_of(RATE_ONLY, tickets(*"A" * 100)).ready(0.0)) == LARGEST


def test_an_admitted_caller_knows_its_moment_and_is_asked_for_no_more(tickets: Tickets) -> None:
    line = line_of(RATE_ONLY, tickets("A"))
    (admitted,) = line.settle(line.ready(3.0), [Admitted(0.5)], 3.0)
    assert admitted.moment == 3.5
    assert line.ready(100.0) == []


class TestCaps:
    """What the process itself knows of calls under way."""

    def test_no_more_are_asked_for_than_may_call_at_once(self, tickets: Tickets) -> None:
        line = line_of(Limits(max_calls=3), tickets(*"AAAAB"))
        assert shops(line.ready(0.0)) == "ABA"

    def test_a_process_that_has_all_calls_under_way_waits_for_one_to_end(self, tickets: Tickets) -> None:
        line = line_of(Limits(max_calls=3), tickets(*"AAAAB"))
        first, *_ = admit(line)
        assert line.ready(1.0) == []
        line.finish(first)
        assert shops(line.ready(1.0)) == "A"

    def test_no_more_of_a_shop_are_asked_for_than_may_call_at_once(self, tickets: Tickets) -> None:
        line = line_of(Limits(max_calls_per_shop=2), tickets(*"AAAAAB"))
        assert shops(line.ready(0.0)) == "ABA"

    def test_a_shop_that_has_all_its_calls_under_way_waits_and_others_do_not(self, tickets: Tickets) -> None:
        line = line_of(Limits(max_calls_per_shop=1), tickets(*"AAAB"))
        of_a, of_b = admit(line)
        line.join(*tickets("B"))
        line.finish(of_b)
        assert shops(line.ready(0.0)) == "B"
        line.finish(of_a)
        assert shops(line.ready(0.0)) == "AB"

    def test_a_caller_that_left_is_not_asked_for(self, tickets: Tickets) -> None:
        came = tickets(*"AB")
        line = line_of(Limits(max_calls=1), came)
        line.leave(came[0])
        assert shops(line.ready(0.0)) == "B"


class TestFull:
    """What follows when Redis says that other processes have the slots."""

    @pytest.fixture
    def line(self, tickets: Tickets) -> Line:
        return line_of(Limits(max_calls=5, max_calls_per_shop=2), tickets(*"AABC"))

    def test_nobody_is_asked_for_until_the_next_poll(self, line: Line) -> None:
        line.settle(line.ready(0.0), [Refusal.OVERALL], 0.0)
        assert line.ready(POLL_SECONDS - 0.001) == []
        assert line.next_look(0.0) == POLL_SECONDS
        assert shops(line.ready(POLL_SECONDS)) == "ABCA"

    def test_a_call_that_ends_here_is_reason_to_ask_at_once(self, line: Line) -> None:
        (admitted,) = line.settle(line.ready(0.0), [Admitted(0.0), Refusal.OVERALL], 0.0)
        line.finish(admitted)
        assert shops(line.ready(0.0)) == "BCA"

    def test_a_process_with_calls_under_way_polls_only_once_it_starves(self, line: Line) -> None:
        line.settle(line.ready(0.0), [Admitted(0.0), Refusal.OVERALL], 0.0)
        assert line.ready(STARVING_SECONDS - 0.001) == []
        assert shops(line.ready(STARVING_SECONDS)) == "BCA"
        line.settle(line.ready(STARVING_SECONDS), [Refusal.OVERALL], STARVING_SECONDS)
        assert line.ready(STARVING_SECONDS) == []
        assert shops(line.ready(STARVING_SECONDS + POLL_SECONDS)) == "BCA"

    def test_so_does_a_shop_with_calls_under_way(self, line: Line) -> None:
        line.settle(line.ready(0.0), [Admitted(0.0), Admitted(0.0), Admitted(0.0), Refusal.SHOP], 0.0)
        assert line.ready(STARVING_SECONDS - 0.001) == []
        assert shops(line.ready(STARVING_SECONDS)) == "A"

    def test_a_call_of_a_full_shop_that_ends_here_is_reason_to_ask_for_it_at_once(self, line: Line) -> None:
        first, *_ = line.settle(line.ready(0.0), [Admitted(0.0), Admitted(0.0), Admitted(0.0), Refusal.SHOP], 0.0)
        assert line.ready(0.0) == []
        line.finish(first)
        assert shops(line.ready(0.0)) == "A"

    def test_a_full_shop_is_passed_over_and_keeps_its_turn(self, line: Line) -> None:
        line.settle(line.ready(0.0), [Refusal.SHOP, Refusal.OVERALL], 0.0)
        assert shops(line.ready(POLL_SECONDS)) == "ABCA"

    def test_other_shops_are_asked_for_while_one_is_full(self, line: Line) -> None:
        line.settle(line.ready(0.0), [Refusal.SHOP, Admitted(0.0), Admitted(0.0), Refusal.SHOP], 0.0)
        assert line.ready(0.0) == []
        assert shops(line.ready(POLL_SECONDS)) == "AA"

    def test_all_that_is_full_is_polled_for_together(self, line: Line, tickets: Tickets) -> None:
        line.settle(line.ready(0.0), [Refusal.SHOP], 0.0)
        line.join(*tickets("D"))
        later = POLL_SECONDS / 2
        line.settle(line.ready(later), [Refusal.SHOP, Refusal.SHOP, Refusal.SHOP], later)
        assert line.ready(later) == []
        assert shops(line.ready(POLL_SECONDS)) == "ABCDA"


class TestRate:
    """Who is admitted for later waits at home, and the process asks on shortly before that."""

    def test_the_next_moment_is_asked_for_shortly_before_the_last_one(self, tickets: Tickets) -> None:
        line = line_of(RATE_ONLY, tickets(*"AB"))
        line.settle(line.ready(0.0), [Admitted(5.0)], 0.0)
        assert line.ready(5.0 - LEAD_SECONDS - 0.001) == []
        assert line.next_look(0.0) == 5.0 - LEAD_SECONDS
        assert shops(line.ready(5.0 - LEAD_SECONDS)) == "B"

    def test_where_the_next_seconds_are_given_out_it_is_asked_again_after_a_pause(self, tickets: Tickets) -> None:
        line = line_of(RATE_ONLY, tickets("A"))
        assert line.settle(line.ready(0.0), [Refusal.RATE], 0.0) == []
        assert line.ready(RATE_PAUSE_SECONDS - 0.001) == []
        assert shops(line.ready(RATE_PAUSE_SECONDS)) == "A"


class TestPatience:
    """Who is sent away."""

    def sent_away(self, line: Line, now: float) -> list[tuple[str, Refusal | None]]:
        return [(ticket.shop_id, ticket.refusal) for ticket in line.give_up(now)]

    def test_a_full_shop_is_waited_for_a_short_time(self, tickets: Tickets) -> None:
        line = line_of(Limits(max_calls_per_shop=1), tickets(*"AA"))
        admit(line)
        assert line.next_look(0.0) == SHOP_PATIENCE
        assert self.sent_away(line, SHOP_PATIENCE - 0.1) == []
        assert self.sent_away(line, SHOP_PATIENCE) == [("A", Refusal.SHOP)]
        assert line.next_look(SHOP_PATIENCE) is None

    def test_a_shop_that_is_full_elsewhere_is_waited_for_as_short(self, tickets: Tickets) -> None:
        line = line_of(Limits(max_calls_per_shop=1), tickets("A"))
        late = SHOP_PATIENCE - 0.01
        line.settle(line.ready(late), [Refusal.SHOP], late)
        assert self.sent_away(line, SHOP_PATIENCE) == [("A", Refusal.SHOP)]

    def test_a_slot_overall_is_waited_for_longer(self, tickets: Tickets) -> None:
        line = line_of(Limits(max_calls=1, max_calls_per_shop=5), tickets(*"AA"))
        admit(line)
        assert self.sent_away(line, PATIENCE - 0.1) == []
        assert self.sent_away(line, PATIENCE) == [("A", Refusal.OVERALL)]

    def test_so_is_a_moment(self, tickets: Tickets) -> None:
        line = line_of(RATE_ONLY, tickets(*"AB"))
        line.settle(line.ready(0.0), [Admitted(PATIENCE + 1)], 0.0)
        assert self.sent_away(line, PATIENCE - 0.1) == []
        assert self.sent_away(line, PATIENCE) == [("B", Refusal.RATE)]

    def test_nobody_is_sent_away_who_is_just_asked_for(self, tickets: Tickets) -> None:
        line = line_of(Limits(max_calls=1), tickets(*"AB"))
        asked = line.ready(PATIENCE)
        assert [ticket.shop_id for ticket in line.give_up(PATIENCE, asked)] == ["B"]

    def test_nobody_is_sent_away_whose_shop_has_room_again(self, tickets: Tickets) -> None:
        line = line_of(Limits(max_calls_per_shop=1), tickets(*"AA"))
        (admitted,) = admit(line)
        line.finish(admitted)
        assert self.sent_away(line, SHOP_PATIENCE) == []


class TestStarving:
    """Whether a process was not served for a while, overall and a shop: others make room for one that starves."""

    def starving(self, line: Line, now: float) -> tuple[bool, bool]:
        (ask,) = line.ready(now)
        return ask.starving, ask.shop_starving

    def test_one_that_was_never_served_starves_some_time_after_its_caller_came(self, tickets: Tickets) -> None:
        line = line_of(RATE_ONLY, tickets("A", since=100.0))
        assert self.starving(line, 100.0) == (False, False)
        assert self.starving(line, 100.0 + STARVING_SECONDS) == (True, True)

    def test_one_that_was_served_starves_some_time_after_that(self, tickets: Tickets) -> None:
        line = line_of(Limits(max_calls_per_shop=2), tickets("A", since=100.0))
        admit(line, 102.0)
        line.join(*tickets("A", since=101.0))
        assert self.starving(line, 102.0) == (False, False)
        assert self.starving(line, 102.0 + STARVING_SECONDS) == (True, True)

    def test_a_shop_may_starve_in_a_process_that_does_not(self, tickets: Tickets) -> None:
        line = line_of(Limits(max_calls_per_shop=2), tickets("B", since=100.0))
        admit(line, 102.0)
        line.join(*tickets("A", since=100.0))
        assert self.starving(line, 102.0) == (False, True)

    def test_how_long_a_caller_has_waited_is_told_too(self, tickets: Tickets) -> None:
        (ask,) = line_of(RATE_ONLY, tickets("A", since=100.0)).ready(103.0)
        assert ask.waited == 3.0
