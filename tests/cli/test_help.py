"""Help and lists answer at once, and teach."""

import json
import subprocess
import sys

import pytest

from ganzoo.cli.main import COMMANDS, command

HEAVY = ("keras", "tensorflow", "numpy", "PIL", "matplotlib", "scipy", "rich")


@pytest.mark.parametrize("arguments", [["--help"], ["train", "--help"], ["list", "--json"]])
def test_help_imports_nothing_heavy(arguments):
    code = (
        "import sys, ganzoo.cli\n"
        f"try: ganzoo.cli.main({arguments!r})\n"
        f"finally: print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0 and done.stderr.splitlines()[-1] == "[]"


def test_every_command_has_help_with_an_example(ganzoo):
    for name, summary in COMMANDS.items():
        result = ganzoo(name, "--help")
        assert result.exit_code == 0 and f"ganzoo {name}" in result.output
        assert command(name).get_short_help_str(limit=100) == summary


def test_the_help_of_ganzoo_imports_no_command():
    code = (
        "import sys, ganzoo.cli\n"
        "try: ganzoo.cli.main(['--help'])\n"
        "finally: print(*(m for m in sys.modules if m.startswith('ganzoo.')), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0 and not set(COMMANDS) & {
        module.removeprefix("ganzoo.cli.") for module in done.stderr.split()
    }


def test_list_names_everything_with_its_paper(ganzoo):
    everything = json.loads(ganzoo("list", "--json").output)
    names = {kind: {entry["name"] for entry in entries} for kind, entries in everything.items()}
    assert names["losses"] >= {"hinge", "lsgan", "minimax", "rpgan", "wgan", "wgan-gp"}
    assert names["penalties"] >= {"gp", "lp", "r1", "r2"}
    assert names["data"] >= {"unown", "unown-original", "unown-mnist"}
    assert names["models"] >= {"gan"}
    for kind in ("losses", "penalties"):
        assert all(
            entry["paper"] and entry["summary"].endswith(".") for entry in everything[kind]
        )
    losses = json.loads(ganzoo("list", "losses", "--json").output)
    assert losses == everything["losses"] == sorted(losses, key=lambda entry: entry["name"])


def test_list_shows_the_roles_of_an_architecture(ganzoo):
    result = ganzoo("list", "architectures")
    assert "roles" in result.output.splitlines()[0]
    assert "encoder" in result.output.split("progressive-dcgan")[1]
    by_name = {
        e["name"]: e for e in json.loads(ganzoo("list", "architectures", "--json").output)
    }
    roles = by_name["progressive-dcgan"]["roles"]
    assert roles == ["generator", "discriminator", "encoder"]


@pytest.mark.parametrize("command", [["list"], ["data", "list"]])
def test_lists_break_between_words_within_80_columns(ganzoo, command, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    result = ganzoo(*command)
    lines = result.output.splitlines()
    assert max(map(len, lines)) <= 80 and "\x1b" not in result.output
    words = " ".join(result.output.split())
    assert "drawn for this project," in words and "Unown-MNIST: 60,000" in words
    assert all(line == line.rstrip() for line in lines)


def test_no_help_is_wider_than_80_columns(ganzoo):
    commands = [[name] for name in COMMANDS]
    commands += [["data", name] for name in command("data").commands]
    for words in commands:
        wide = [line for line in ganzoo(*words, "--help").output.splitlines() if line[80:]]
        assert wide == [], words


def test_an_unknown_command_is_one_line(ganzoo):
    result = ganzoo("trian")
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1 and "Did you mean 'train'?" in result.stderr
