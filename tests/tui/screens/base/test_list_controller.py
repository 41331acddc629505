"""The query of a list without a widget, as a search, a filter, an order or a link changes it."""

from models.enums import RecordKind
from services.lists.query import Filter, ListQuery, Preset
from tui.places import Origin, Place
from tui.screens.base.list_controller import QueryState

BY_NAME = ("full_name", False)
CONTRACT = Origin(RecordKind.CONTRACT, 3, "C-3")
COLLABORATOR = Origin(RecordKind.COLLABORATOR, 2, "Claire")


def by_name() -> QueryState:
    return QueryState(BY_NAME, frozenset({RecordKind.COLLABORATOR}))


def order(state: QueryState) -> tuple[str, bool]:
    return state.query.sort, state.query.descending


def preset(sort: str = "", *filters: Filter) -> Preset:
    return Preset("chosen", "Chosen", frozenset(filters), frozenset(), sort, descending=bool(sort))


def test_a_search_comes_in_the_order_of_the_ids_and_the_order_before_comes_back() -> None:
    state = by_name()
    state.sort_by("company")
    state.narrow(search="d")
    state.narrow(search="du")
    assert order(state) == ("", False)
    state.narrow(search="")
    assert order(state) == ("company", False)


def test_an_order_chosen_within_a_search_stays_after_it() -> None:
    state = by_name()
    state.narrow(search="du")
    state.sort_by("email")
    state.narrow(search="")
    assert order(state) == ("email", False)


def test_the_same_order_once_more_is_reversed_and_newest_first_begins_descending() -> None:
    state = by_name()
    state.sort_by("full_name")
    assert order(state) == ("full_name", True)
    state.sort_by("")
    assert order(state) == ("", True)


def test_a_search_without_a_letter_changes_no_order() -> None:
    state = by_name()
    state.narrow(search=" ")
    assert order(state) == BY_NAME


def test_a_filter_brings_its_order_or_that_of_the_section() -> None:
    state = by_name()
    state.choose(preset("load", Filter.ACTIVE))
    assert (state.query.filters, order(state)) == (frozenset({Filter.ACTIVE}), ("load", True))
    state.choose(preset())
    assert (state.query.filters, order(state)) == (frozenset(), BY_NAME)


def test_a_filter_within_a_search_leaves_it_in_the_order_of_the_ids() -> None:
    state = by_name()
    state.narrow(search="du")
    state.choose(preset("", Filter.TRASHED))
    assert state.in_trash
    assert order(state) == ("", False)
    state.narrow(search="")
    assert order(state) == BY_NAME


def test_a_link_narrows_the_list_to_its_origin_where_the_list_can() -> None:
    state = by_name()
    state.stand_at(Place(ListQuery(), 7, COLLABORATOR))
    assert state.query.parent == (RecordKind.COLLABORATOR, 2)
    assert not state.is_opened_alone
    state.narrow(search="du")
    assert state.origin == COLLABORATOR


def test_a_record_opened_alone_gives_way_to_the_whole_list() -> None:
    state = by_name()
    state.stand_at(Place(ListQuery(), 7, CONTRACT))
    assert (state.query.parent, state.is_opened_alone) == (None, True)
    state.narrow(search="du")
    assert state.origin is None


def test_a_place_is_the_list_that_one_comes_back_to() -> None:
    state = by_name()
    state.narrow(search="du")
    place = state.place(7)
    state.stand_at(Place(ListQuery(), 9, COLLABORATOR))
    state.stand_at(place)
    assert (state.query.search, state.place(7)) == ("du", place)
    state.narrow(search="")
    assert order(state) == BY_NAME


def test_reset_forgets_the_origin_the_filter_and_the_search() -> None:
    state = by_name()
    state.choose(preset("", Filter.TRASHED))
    state.stand_at(Place(ListQuery(search="du"), 7, CONTRACT))
    state.reset()
    assert (state.query, state.origin, state.preset_key) == (ListQuery(sort="full_name"), None, "all")


def test_a_filter_asked_for_before_the_section_opens_goes_before_the_one_it_starts_with() -> None:
    state = by_name()
    state.choose(Preset("all", "All", frozenset()))
    state.start_with(preset("email", Filter.MINE))
    assert (state.preset_key, order(state)) == ("all", BY_NAME)
    state.reset()
    assert (state.preset_key, order(state)) == ("chosen", ("email", True))


def test_one_comes_back_to_the_filter_and_order_that_one_stays_with() -> None:
    state = by_name()
    state.choose(preset("load", Filter.ACTIVE))
    state.sort_by("email")
    state.narrow(search="du")
    state.stay()
    state.stand_at(Place(ListQuery(), 7, CONTRACT))
    state.reset()
    assert (state.preset_key, order(state), state.query.search) == ("chosen", ("email", False), "")
    assert state.query.filters == frozenset({Filter.ACTIVE})
