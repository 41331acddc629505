"""The command that prints the chains of a client."""

from tests.cli.test_workflow import draw_up
from tests.support.command_line import CommandLine


def test_a_chain_names_the_command_that_does_a_missing_step(line: CommandLine) -> None:
    draw_up(line)
    with line.signed_in_as("claire_d"):
        said = line.run("chain", "1").stdout
    assert "✓ Client     Kevin Casey, known since 18/04/2021" in said
    assert "✗ Event      none; the contract was signed" in said
    assert "[epicevents create-event --contract 1]" in said
    assert "○ Payments   €1,200.50 due  [epicevents record-payment 1]" in said
    assert "· Support    after the event is created" in said


def test_a_chain_says_who_may_do_a_step_to_those_who_may_not(line: CommandLine) -> None:
    draw_up(line)
    with line.signed_in_as("gwenaelle"):
        said = line.run("chain", "1").stdout
    assert "[Only the client's sales contact in Commercial creates events of this client.]" in said


def test_a_chain_as_json_has_every_step_with_its_state(line: CommandLine) -> None:
    draw_up(line)
    with line.signed_in_as("claire_d"):
        chain = line.done("chain", "1", "--json")
    assert (chain["client"], chain["left_out"], len(chain["deals"])) == (1, 0, 1)
    assert chain["deals"][0]["number"].endswith("-00001")
    states = {
        step["link"]: (step["state"], step["mends"], step["may"]) for step in chain["deals"][0]["steps"]
    }
    assert states == {
        "contract": ("done", None, None),
        "signature": ("done", None, None),
        "payments": ("open", "payment.record", True),
        "event": ("missing", "event.create", True),
        "support": ("waiting", None, None),
        "notes": ("waiting", None, None),
    }


def test_the_chain_of_no_client_is_refused(line: CommandLine) -> None:
    with line.signed_in_as("claire_d"):
        assert "There is no client 99" in line.refused(5, "chain", "99")
