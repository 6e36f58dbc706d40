"""The bounded buffer: the oldest go first."""

from pymongo import InsertOne

from pharmasync.journal.buffer import RecordBuffer
from pharmasync.journal.record import Record


def records(count: int) -> list[Record]:
    return [Record("task_logs", InsertOne({"_id": number}), f"record {number}") for number in range(count)]


def test_records_come_out_in_their_order_of_arrival() -> None:
    first, second, third = records(3)
    buffer = RecordBuffer(limit=10)
    for record in (first, second, third):
        buffer.put(record)

    assert buffer.take(2) == [first, second]
    buffer.settle()
    assert buffer.take(2) == [third]


def test_when_it_is_full_the_oldest_goes_and_is_counted() -> None:
    first, second, third = records(3)
    buffer = RecordBuffer(limit=2)
    for record in (first, second, third):
        buffer.put(record)

    assert len(buffer) == 2
    assert buffer.overflowed == 1
    assert buffer.take(10) == [second, third]


def test_what_is_being_stored_counts_towards_the_limit_but_stays() -> None:
    first, second, third = records(3)
    buffer = RecordBuffer(limit=2)
    buffer.put(first)
    buffer.take(1)
    buffer.put(second)
    buffer.put(third)
    assert buffer.overflowed == 1

    buffer.put_back()

    assert buffer.take(10) == [first, third]


def test_what_was_put_back_is_the_oldest_again() -> None:
    first, second, third = records(3)
    buffer = RecordBuffer(limit=10)
    buffer.put(first)
    buffer.put(second)
    buffer.take(2)
    buffer.put(third)

    buffer.put_back()

    assert buffer.take(10) == [first, second, third]


def test_it_knows_whether_everything_up_to_a_record_is_gone() -> None:
    buffer = RecordBuffer(limit=10)
    assert not buffer.holds_any_up_to(0)
    first, second = records(2)
    buffer.put(first)
    newest = buffer.arrived
    buffer.put(second)

    buffer.take(1)
    assert buffer.holds_any_up_to(newest)
    buffer.settle()
    assert not buffer.holds_any_up_to(newest)
    assert buffer.holds_any_up_to(buffer.arrived)
