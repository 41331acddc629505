from tests.support.accounts import PASSWORD, People
from tests.support.app_driver import AppDriver
from tests.support.databases import sqlite_only


@sqlite_only
async def test_a_refused_sign_in_stays_on_screen_until_something_is_typed(
    driven: AppDriver, people: People
) -> None:
    async with driven.running():
        driven.fill("#username", people.gestion.username)
        driven.fill("#password", "wrong")
        await driven.press("tab", "enter")
        assert "Wrong username or password" in driven.text
        assert driven.screen_name == "LoginScreen"
        await driven.press("x")
        assert "Wrong username or password" not in driven.text


@sqlite_only
async def test_enter_after_the_username_goes_on_to_the_password(driven: AppDriver, people: People) -> None:
    async with driven.running():
        driven.fill("#username", people.gestion.username)
        await driven.press("enter")
        assert driven.app.focused is not None
        assert driven.app.focused.id == "password"
        driven.fill("#password", PASSWORD)
        await driven.press("enter")
        assert driven.screen_name == "ClientsScreen"


async def test_a_second_start_opens_signed_in(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.support):
        pass
    from services.auth import token_store

    again = AppDriver(driven.settings, {"token": token_store.load(driven.settings)})
    async with again.running():
        assert again.screen_name == "ClientsScreen"
        assert again.app.actor.username == people.support.username


async def test_a_token_that_is_worth_nothing_leads_to_the_login_form(driven: AppDriver) -> None:
    driven.options["token"] = "not.a.token"
    async with driven.running():
        assert driven.screen_name == "LoginScreen"
        assert "Your session has ended" in driven.text


@sqlite_only
async def test_what_keeps_the_start_waiting_is_said_until_it_is_done(driven: AppDriver) -> None:
    async with driven.running():
        before = driven.text
        driven.app.opening._preparing()
        await driven.settle()
        assert "Preparing the database" in driven.text
        driven.app.opening._opened(driven.app.crm)
        await driven.settle()
        assert driven.text == before


async def test_signing_out_leaves_nothing_of_the_person(driven: AppDriver, people: People) -> None:
    from services.auth import token_store

    async with driven.signed_in(people.gestion):
        await driven.press("L", "tab", "enter")
        assert driven.screen_name == "LoginScreen"
        assert driven.app.session.actor is None
        assert token_store.load(driven.settings) is None
        assert not driven.app._installed_screens
        await driven.press("1", "escape")
        assert driven.screen_name == "LoginScreen"


async def test_changing_the_password_ends_every_session(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.support):
        await driven.press("P")
        driven.type_into("current", PASSWORD)
        driven.type_into("new", "Marguerites & tulipes")
        driven.type_into("again", "Marguerites & violettes")
        await driven.press("ctrl+s")
        assert "do not match" in driven.text
        driven.type_into("again", "Marguerites & tulipes")
        await driven.press("ctrl+s")
        assert driven.screen_name == "LoginScreen"
        assert "Your password is changed." in driven.text


async def test_guesses_at_the_current_password_lock_the_account_and_the_form_says_so(
    driven: AppDriver, people: People
) -> None:
    async with driven.signed_in(people.support):
        await driven.press("P")
        for field in ("new", "again"):
            driven.type_into(field, "Marguerites & tulipes")
        for number in range(5):
            driven.type_into("current", f"not the password {number}")
            await driven.press("ctrl+s")
            assert "not your current password" in driven.text
        driven.type_into("current", PASSWORD)
        await driven.press("ctrl+s")
        assert "your account is locked for 15 minutes" in " ".join(driven.text.replace("│", " ").split())
        assert driven.screen_name == "ChangePasswordScreen"


@sqlite_only
async def test_the_sample_accounts_are_named_when_given(driven: AppDriver) -> None:
    driven.options["sample_accounts"] = [("admin", "Admin123!", "Gestion")]
    async with driven.running():
        assert "Admin123!" in driven.text


@sqlite_only
async def test_markup_in_a_username_is_only_text(driven: AppDriver) -> None:
    async with driven.running():
        driven.fill("#username", "[/bold]")
        driven.fill("#password", "[red]x")
        await driven.press("enter")
        assert "Wrong username or password" in driven.text
