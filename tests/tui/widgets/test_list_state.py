from services.lists.query import COUNT_CAP
from tests.support.fake_rows import NumberRow, Numbers
from tui.widgets.record_table.list_state import (
    PAGE_SIZE,
    CursorTarget,
    ListState,
    PageRead,
    Pages,
    load_list,
    read_pages,
)


def loaded(source: Numbers, *keys: int, near: int = 0) -> ListState[NumberRow]:
    """The state of a list that was read around a row."""
    state: ListState[NumberRow] = ListState()
    state.change_source(source, 0, None)
    state.target = CursorTarget(keys, near, height=20)
    state.replace_rows(load_list(source, state.target))
    return state


def test_a_list_shorter_than_a_page_is_counted_by_its_first_page() -> None:
    state = loaded(Numbers(range(7)))
    assert (state.total, state.exact, state.row_count) == (7, True, 7)
    assert not state.missing_pages(range(0, 20))


def test_a_longer_list_reaches_as_far_as_its_rows_are_loaded_until_it_is_counted() -> None:
    state = loaded(Numbers(range(1_000)))
    assert (state.total, state.row_count) == (None, PAGE_SIZE)
    assert state.missing_pages(range(0, 3 * PAGE_SIZE)) == [1]
    assert state.set_total(1_000, exact=True)
    assert state.missing_pages(range(0, 3 * PAGE_SIZE)) == [1, 2]


def test_an_exact_total_is_not_replaced_by_a_lower_bound() -> None:
    state = loaded(Numbers(range(20_000)))
    state.set_total(20_000, exact=True)
    assert not state.set_total(COUNT_CAP, exact=False)
    assert state.total == 20_000


def test_the_last_page_read_tells_the_total() -> None:
    source = Numbers(range(100))
    state = loaded(source)
    state.add_pages(read_pages(source, PageRead(range(1, 2), after=PAGE_SIZE - 1)))
    assert (state.total, state.exact) == (100, True)


def test_a_page_that_became_too_short_is_read_again() -> None:
    state = loaded(Numbers(range(40)))
    state.set_total(50, exact=True)
    assert state.missing_pages(range(0, 20)) == [0]


def test_a_record_that_a_search_does_not_find_is_followed_to_the_next_list() -> None:
    everything = Numbers(range(100))
    state = loaded(everything)
    search = Numbers(range(50, 60))
    state.target = CursorTarget(state.change_source(search, 3, None), height=20)
    state.replace_rows(load_list(search, state.target))
    assert state.key(0) == 50
    assert state.change_source(everything, 0, None) == (3,)


def test_an_accepted_row_is_followed_in_place_of_the_lost_one() -> None:
    search = Numbers(range(50, 60))
    state = loaded(search, 3)
    state.accept_row()
    assert state.change_source(Numbers(range(100)), 0, None) == (50,)


def test_rows_deleted_before_a_page_show_that_the_list_has_moved() -> None:
    source = Numbers(range(10, PAGE_SIZE + 10))
    assert read_pages(source, PageRead(range(1, 2), before=PAGE_SIZE)) == Pages(moved=True)
