"""The commands for tasks."""

from tests.support.command_line import CommandLine


def test_a_task_is_created_listed_done_and_opened_again(line: CommandLine) -> None:
    line.sign_in("sofia-m")
    task = line.done(
        "create-task", "--title", "Call back", "--due", "15/06/2027 18:30", "--remind-at", "2027-06-15 09:00",
        "--json",
    )  # fmt: skip
    assert (task["due_on"], task["due_at"], task["assignee"], task["remind_at"]) == (
        "2027-06-15", "2027-06-15T16:30:00Z", "sofia-m", "2027-06-15T07:00:00Z",
    )  # fmt: skip
    changed = line.done("update-task", "1", "--due", "2027-06-16", "--remind-at", "", "--json")
    assert (changed["due_on"], changed["due_at"], changed["remind_at"]) == ("2027-06-16", None, None)
    line.done("create-task", "--title", "First", "--due", "2027-06-01")
    assert [each["title"] for each in line.done("list-tasks", "--mine", "--open", "--json")] == [
        "First", "Call back",
    ]  # fmt: skip
    assert line.done("done-task", "1", "--json")["done_at"] is not None
    assert [each["title"] for each in line.done("list-tasks", "--preset", "done", "--json")] == ["Call back"]
    assert line.done("done-task", "1", "--open-again", "--json")["done_at"] is None
    assert "Task 1 (Call back) moved to the trash." in line.run("trash-task", "1").output
    line.run("restore-task", "1")
    assert line.done("update-task", "1", "--due", "", "--json")["due_on"] is None


def test_tasks_are_assigned_by_username_within_the_rights(line: CommandLine) -> None:
    line.sign_in("sofia-m")
    refused = line.run("create-task", "--title", "Call", "--assign-to", "claire_d")
    assert "no active collaborator claire_d to whom you may assign tasks" in refused.stderr
    line.sign_in("georges_k")
    task = line.done("create-task", "--title", "Call", "--assign-to", "CLAIRE_D", "--json")
    assert (task["assignee"], task["creator"]) == ("claire_d", "georges_k")
    line.sign_in("sofia-m")
    assert "Only its creator and the person" in line.run("done-task", str(task["id"])).stderr
    for arguments in (("--due", "soon"), ("--due", "31/02/2027"), ("--client", "99")):
        assert line.run("create-task", "--title", "Call", *arguments).exit_code != 0, arguments


def test_nothing_is_printed_when_nothing_is_due_so_that_cron_sends_no_mail(line: CommandLine) -> None:
    line.sign_in("sofia-m")
    line.done("create-task", "--title", "Later", "--due", "2099-06-15")
    for arguments in ((), ("--last", "15")):
        result = line.run("reminders", *arguments)
        assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert line.done("reminders", "--json") == []


def test_what_is_due_is_one_line_each(line: CommandLine) -> None:
    line.sign_in("sofia-m")
    line.done("create-task", "--title", "Call back", "--due", "2026-01-05 10:00")
    line.done("create-task", "--title", "Order badges", "--remind-at", "2026-01-05 10:00")
    result = line.run("reminders")
    assert result.stdout.splitlines() == ["1: 05/01/2026 10:00 · Call back", "2: Order badges"]
    assert result.stderr == ""
    assert [task["title"] for task in line.done("reminders", "--json")] == ["Call back", "Order badges"]
    assert line.done("reminders", "--last", "15", "--json") == []
    assert line.run("reminders", "--last", "soon").exit_code == 2
    line.done("logout")
    assert line.run("reminders").exit_code == 3
