"""Every `ganzoo ...` in a page is a command that exists, with options and names that exist."""

import importlib
import re
import shlex
from pathlib import Path

import click
import pytest

from ganzoo.cli.list import KINDS
from ganzoo.cli.main import COMMANDS, command
from ganzoo.spec import split_outside

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
PAGES.remove(ROOT / "CHANGELOG.md")  # It tells of options as they were.
BLOCK = re.compile(r"^( *)```(\w*)[^\n]*\n(.*?)^\1```", re.S | re.M)
SHELLS = ("", "sh", "bash", "console")
INLINE = re.compile(r"`((?:\S*/)?ganzoo [^`]+)`")
CALL = re.compile(r"^(?!<!--).*?(?:^|[\s/(])ganzoo ([a-z][^|;&\n]*)", re.M)
STANDING_FOR_ANY = ("my-command",)
KIND = {  # By name of a parameter the kind of variant that it names.
    "model": "models",
    "loss": "losses",
    "penalty": "penalties",
    "architecture": "architectures",
    "arch": "architectures",
    "archs": "architectures",
    "condition": "conditions",
} | {kind: kind for kind in KINDS if kind != "data"}
OF_ONES_OWN = re.compile(r"(^|\W)my[-_]|own_loss")


def calls(page):
    """What stands behind `ganzoo` in the blocks and the lines of a page, as words."""
    text = page.read_text(encoding="utf-8")
    shells = [body for _, language, body in BLOCK.findall(text) if language in SHELLS]
    inline = [" ".join(code.split()) for code in INLINE.findall(BLOCK.sub("", text))]
    for code in [*shells, *inline]:
        for call in CALL.findall(code.replace("\\\n", " ")):
            inside_quotes = call.count("'") % 2  # Of `bash -c '...'`.
            yield shlex.split(call.rstrip("'") if inside_quotes else call, comments=True)


def parse(words):
    """The command's parameters by name, as a person gave them; an unknown one is an error."""
    found, called = command(words[0]), words[1:]
    if isinstance(found, click.Group) and called:
        found, called = found.commands[called[0]], called[1:]
    context = click.Context(found, info_name=" ".join(words))
    given, _, _ = found.make_parser(context).parse_args(list(called))
    return context, found, given


def check(context, found, given):
    """Choices are among the known ones, numbers are numbers, and variants have names."""
    for parameter in found.params:
        value = given.get(parameter.name)
        if not isinstance(value, str | list | tuple):  # A flag, or not given.
            continue
        if isinstance(parameter.type, click.Choice | click.IntRange | click.FloatRange):
            values = value if parameter.multiple else [value]
            for each in values:
                parameter.type.convert(each, parameter, context)
        if parameter.name in KIND:
            check_specs(KIND[parameter.name], value)


def check_specs(kind, value):
    module, _, name = KINDS[kind].partition(":")
    registry = getattr(importlib.import_module(module), name)
    texts = value if isinstance(value, list | tuple) else [value]
    for spec in (spec for text in texts for spec in split_outside(text, "+")):
        names = split_outside(spec, ",")
        specs = [n for n in names if "=" not in n.partition(":")[0]]
        for each in specs:
            if each not in ("none", "NAME") and not OF_ONES_OWN.search(each):
                registry.check(each.partition(":")[0])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_page_names_commands_options_and_variants_that_exist(page):
    for words in calls(page):
        if words[0] in STANDING_FOR_ANY:
            continue
        assert words[0] in COMMANDS, f"ganzoo {shlex.join(words)}"
        try:
            check(*parse(words))
        except (click.ClickException, KeyError, ValueError) as error:
            pytest.fail(f"ganzoo {shlex.join(words)}: {error}")


def test_the_check_finds_what_is_wrong():
    for wrong in (
        "train --lost hinge",
        "train --loss hingee",
        "train --backend theano",
        "train --batch many",
        "compare --losses hinge,lsgam",
        "data previev photos",
    ):
        with pytest.raises((click.ClickException, KeyError, ValueError)):
            check(*parse(shlex.split(wrong)))


def test_pages_hold_many_commands():
    """Were none found, none would be wrong."""
    assert sum(len(list(calls(page))) for page in PAGES) > 100
