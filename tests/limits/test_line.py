"""The line: who may be asked for, who is sent away and why, and when to look again; no clock runs here."""

from collections.abc import Callable

import pytest

from pharmasync.limits.limits import Limits, Patience
from pharmasync.limits.line import LARGEST, LEAD_SECONDS, RATE_PAUSE_SECONDS, Line
from pharmasync.limits.ticket import Admitted, Refusal, Ticket

Tickets = Callable[..., list[Ticket]]

RATE_ONLY = Limits(max_rps=1.0)
SHOP_PATIENCE = Patience().shop
PATIENCE = Patience().overall


def line_of(limits: Limits, tickets: list[Ticket]) -> Line:
    line = Line(limits)
    for ticket in tickets:
        line.join(ticket)
    return line


def shops(asked: list[Ticket]) -> str:
    return "".join(ticket.shop_id for ticket in asked)


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


@pytest.mark.parametrize("limits", [RATE_ONLY, Limits(max_calls=1000)])
def test_a_trip_has_a_largest_company(tickets: Tickets, limits: Limits) -> None:
    assert len(line_of(limits, tickets(*"A" * 100)).ready(0.0)) == LARGEST


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


class TestInLine:
    """Whom a cap refuses stands in line in Redis: it is not asked for again, but called in."""

    @pytest.fixture
    def line(self, tickets: Tickets) -> Line:
        return line_of(Limits(max_calls=5, max_calls_per_shop=2), tickets(*"AABC"))

    def test_who_stands_in_line_is_not_asked_for_again_however_long_it_takes(self, line: Line) -> None:
        line.settle(line.ready(0.0), [Refusal.OVERALL] * 4, 0.0)
        assert line.ready(PATIENCE - 0.001) == []
        assert line.next_look(0.0) == PATIENCE

    def test_who_is_called_in_may_call(self, line: Line) -> None:
        line.settle(line.ready(0.0), [Refusal.OVERALL] * 4, 0.0)
        waiting = line.waiting(2)
        assert waiting is not None
        assert line.settle([waiting], [Admitted(0.5)], 3.0) == [waiting]
        assert (waiting.moment, line.waiting(2), line.is_calling(2)) == (3.5, None, True)

    def test_who_is_called_in_before_the_answer_is_there_is_admitted_once(self, line: Line) -> None:
        first, *others = line.ready(0.0)
        assert line.settle([first], [Admitted(0.0)], 0.0) == [first]
        assert line.settle([first, *others], [Refusal.OVERALL] * 4, 0.0) == []
        assert line.is_calling(first.number)
        assert first.lacks is None

    def test_who_left_before_the_answer_was_there_is_not_admitted(self, line: Line) -> None:
        first, second, *_ = line.ready(0.0)
        line.leave(first)
        assert line.settle([first, second], [Admitted(0.0)] * 2, 0.0) == [second]

    def test_a_process_asks_for_no_more_than_may_call_at_once_with_those_in_line(self, tickets: Tickets) -> None:
        line = line_of(Limits(max_calls=3), tickets(*"ABCDE"))
        calling, *_ = line.settle(line.ready(0.0), [Admitted(0.0), Refusal.OVERALL, Refusal.OVERALL], 0.0)
        assert line.ready(0.0) == []
        line.finish(calling)
        assert shops(line.ready(0.0)) == "D"

    def test_a_shops_callers_in_line_count_as_calls_of_the_shop_and_not_of_all(self, tickets: Tickets) -> None:
        line = line_of(Limits(max_calls=2, max_calls_per_shop=1), tickets(*"AAB"))
        line.settle(line.ready(0.0), [Refusal.SHOP], 0.0)
        line.join(*tickets("C"))
        assert shops(line.ready(0.0)) == "BC"

    def test_whom_the_rate_refuses_then_is_asked_for_again(self, tickets: Tickets) -> None:
        line = line_of(Limits(max_rps=1.0, max_calls=1), tickets("A"))
        (waiting,) = line.ready(0.0)
        line.settle([waiting], [Refusal.OVERALL], 0.0)
        assert line.settle([waiting], [Refusal.RATE], 1.0) == []
        assert line.ready(1.0) == []
        assert line.ready(1.0 + RATE_PAUSE_SECONDS) == [waiting]

    def test_all_are_asked_for_again_where_redis_may_have_forgotten_them(self, line: Line) -> None:
        asked = line.ready(0.0)
        line.settle(asked, [Refusal.OVERALL, Refusal.SHOP, Admitted(0.0)], 0.0)
        line.ask_again()
        assert shops(line.ready(0.0)) == "ABA"
        line.ask_again()
        assert shops(line.ready(0.0)) == "ABA"

    def test_where_nobody_stands_in_line_the_turns_stay_as_they_are(self, tickets: Tickets) -> None:
        line = line_of(RATE_ONLY, tickets(*"AAB"))
        first, *_ = line.ready(0.0)
        line.settle([first], [Admitted(0.0)], 0.0)
        line.ask_again()
        assert shops(line.ready(0.0)) == "BA"

    def test_who_is_asked_for_again_is_so_in_the_order_of_coming(self, tickets: Tickets) -> None:
        line = line_of(Limits(max_calls=2), tickets(*"AAAA"))
        line.settle(line.ready(0.0), [Refusal.OVERALL] * 2, 0.0)
        line.ask_again()
        assert [ticket.number for ticket in line.ready(0.0)] == [0, 1]


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

    def test_who_stands_in_line_for_a_slot_overall_is_as_patient(self, tickets: Tickets) -> None:
        line = line_of(Limits(max_calls=5, max_calls_per_shop=1), tickets("A"))
        line.settle(line.ready(0.0), [Refusal.OVERALL], 0.0)
        assert self.sent_away(line, PATIENCE - 0.1) == []
        assert self.sent_away(line, PATIENCE) == [("A", Refusal.OVERALL)]

    def test_one_in_line_for_a_slot_overall_does_not_make_its_shop_full(self, tickets: Tickets) -> None:
        line = line_of(Limits(max_calls=5, max_calls_per_shop=1), tickets(*"AA"))
        line.settle(line.ready(0.0), [Refusal.OVERALL], 0.0)
        assert self.sent_away(line, PATIENCE - 0.1) == []
        assert self.sent_away(line, PATIENCE) == [("A", Refusal.OVERALL)] * 2

    def test_patience_begins_with_the_coming(self, tickets: Tickets) -> None:
        line = line_of(Limits(max_calls=1), tickets("A", since=100.0))
        line.settle(line.ready(100.0), [Refusal.OVERALL], 100.0)
        assert line.next_look(100.0) == 100.0 + PATIENCE
        assert self.sent_away(line, 100.0 + PATIENCE - 0.1) == []
        assert self.sent_away(line, 100.0 + PATIENCE) == [("A", Refusal.OVERALL)]

    def test_each_is_told_what_it_stood_in_line_for(self, tickets: Tickets) -> None:
        line = line_of(Limits(max_rps=1.0, max_calls=5), tickets(*"AB"))
        late = PATIENCE - RATE_PAUSE_SECONDS / 2
        line.settle(line.ready(late), [Refusal.OVERALL, Refusal.RATE], late)
        assert self.sent_away(line, PATIENCE) == [("A", Refusal.OVERALL), ("B", Refusal.RATE)]

    def test_it_is_looked_again_when_a_patience_ends_though_the_next_moment_is_later(self, tickets: Tickets) -> None:
        line = line_of(RATE_ONLY, tickets(*"AB"))
        line.settle(line.ready(0.0), [Admitted(PATIENCE + 1)], 0.0)
        assert line.next_look(0.0) == PATIENCE

    def test_nobody_is_sent_away_who_is_just_asked_for(self, tickets: Tickets) -> None:
        line = line_of(Limits(max_calls=1), tickets(*"AB"))
        asked = line.ready(PATIENCE)
        assert [ticket.shop_id for ticket in line.give_up(PATIENCE, asked)] == ["B"]

    def test_nobody_is_sent_away_whose_shop_has_room_again(self, tickets: Tickets) -> None:
        line = line_of(Limits(max_calls_per_shop=1), tickets(*"AA"))
        (admitted,) = admit(line)
        line.finish(admitted)
        assert self.sent_away(line, SHOP_PATIENCE) == []
