"""What is wrong with a flow's files is found before anybody is checked with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from automation.authoring.audit import audit, coverage, lacking, verbs
from automation.core.errors import FlowError
from automation.core.looks import Look, Says, ShownKind
from automation.flow import Flow, load_flow
from tests.edits import edit
from tests.flow.made_up import write_flow, write_setting

TODAY = dt.date(2026, 11, 25)
Change = Callable[[str, str, str], None]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder of a setting that is in order."""
    return write_setting(tmp_path)


@pytest.fixture
def change(home: Path) -> Change:
    """Replaces words of one of its files."""
    return lambda file, old, new: edit(home / file, old, new)


def test_a_setting_in_order_has_no_problem(home: Path) -> None:
    """Nothing is found where nothing is wrong, and the notes say what can be read and with which verbs."""
    problems, notes = audit(load_flow(home), TODAY)
    assert problems == []
    assert "objected can be read in: en" in notes
    assert "verbs: open, identity, switch, capture" in notes


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("flow.toml", "2026-11-25", "2027-01-01", "revision 2027-01-01 is still to come"),
        ("flow.toml", 'revision = "2026-11-25"', 'revision = "soon"', "revision 'soon' is no date"),
        ("flow.toml", 'fr = "Acme', 'de = "Acme', "guide.title lacks 'fr'"),
        ("labels.toml", 'source = "a test"', 'source = "to be filled in: where this was read, and when"', "no source"),
        (
            "labels.toml",
            "[[control.section.en]]",
            '[[state.on.en]]\nnames = ["Yes"]\nsource = "a"\n\n[[state.off.en]]\nnames = ["yes "]\nsource = "a"\n\n[[control.section.en]]',
            "'yes' (en) stands under state.on and state.off",
        ),
        (
            "labels.toml",
            "[[control.section.en]]",
            '[[reply.accepted.en]]\nsentences = ["we have … honoured it"]\nsource = "a"\n\n[[control.section.en]]',
            "reply.accepted (en): 'we have … honoured it' leaves a gap",
        ),
    ],
)
def test_a_fault_is_named(home: Path, change: Change, file: str, old: str, new: str, problem: str) -> None:
    """A date to come, a missing language, no source, one word for two opposed things, an answer with a gap: problems."""
    change(file, old, new)
    assert any(problem in found for found in audit(load_flow(home), TODAY)[0])


SHIPPED = """schema = "temoin.looks/1"
[[looks]]
id = "{look.id}"
kind = "letter"
says = "accepted"
flow = "{look.flow}"
by = ""
at = 2026-12-02T00:00:00Z
lines = [["{line}"]]
"""


@pytest.mark.parametrize(
    ("line", "flow", "problem"),
    [
        ("we took you off the list", "", ""),
        ("your case 81 is closed", "", "a number stands in"),
        ("we took you off the list", "other.ai_training", "a look at another service"),
    ],
)
def test_looks_that_a_service_brings_are_checked(home: Path, line: str, flow: str, problem: str) -> None:
    """They are at its own letters and hold nothing of a person; a file that cannot be read is a problem, too."""
    own = load_flow(home)
    at = dt.datetime(2026, 12, 2, tzinfo=dt.UTC)
    look = Look(ShownKind.LETTER, Says.ACCEPTED, flow or own.id, "en", ((line,),), "", at, "")
    file = home.parent / "looks.toml"
    file.write_text(SHIPPED.format(look=look, line=line))
    found = audit(own, TODAY)[0]
    assert [problem in one for one in found] == [True] * bool(problem)
    file.write_text("looks")
    assert "cannot be read" in audit(own, TODAY)[0][0]


def test_opposed_values_and_older_controls_may_not_share_words(home: Path, change: Change) -> None:
    """The same words for two values, or for the control and its opposite from earlier days, are found."""
    change("flow.toml", 'kind = "switch"', 'kind = "select"')
    change(
        "flow.toml",
        'on = "trains"',
        'unlike = "control.older"\nvalues = { "value.a" = "trains", "value.b" = "protects" }',
    )
    entry = '[[{}.en]]\nnames = ["{}"]\nsource = "a test"\n\n'
    words = entry.format("value.a", "Enabled") + entry.format("value.b", "ENABLED")
    words += entry.format("control.older", "use my content to train AI models:")
    change("labels.toml", "[[control.section.en]]", words + "[[control.section.en]]")
    problems, _ = audit(load_flow(home), TODAY)
    assert "'enabled' (en) stands under value.a and value.b" in problems
    assert "'use my content to train ai models' (en) stands under control.label and control.older" in problems


def test_words_that_nobody_asks_for_and_old_ones_are_noted(home: Path, change: Change) -> None:
    """Unused keys and words last seen years ago are worth a look, and no problem."""
    change(
        "labels.toml",
        "[[control.section.en]]",
        '[[menu.old.en]]\nnames = ["Me"]\ndate = "2021-03"\nsource = "a"\n\n[[control.section.en]]',
    )
    problems, notes = audit(load_flow(home), TODAY)
    assert problems == []
    assert "words that nothing looks up: menu.old" in notes
    assert "its oldest words were seen in 2021-03" in notes


def test_a_comparison_grows_old(home: Path, change: Change) -> None:
    """A live comparison is current, then stale; one that is still to come is a mistake."""
    change(
        "flow.toml",
        "[control]",
        "[[verified]]\nlocale = 'en'\nkind = 'profile'\ndate = 2026-10-01\nevidence = 'sha256:0'\n\n[control]",
    )
    flow = load_flow(home)
    assert not any("compared" in note for note in audit(flow, TODAY)[1])
    assert any("2026-10-01, more than 90 days ago" in note for note in audit(flow, dt.date(2027, 3, 1))[1])
    assert any("verified on 2026-10-01" in found for found in audit(flow, dt.date(2026, 9, 1))[0])


def test_a_language_counts_only_where_every_word_is_there(home: Path, change: Change) -> None:
    """A label alone makes no language readable, and what is lacking is named."""
    change(
        "labels.toml",
        "[[control.section.en]]",
        '[[control.label.fr]]\nnames = ["Utiliser"]\nsource = "a"\n\n[[control.section.en]]',
    )
    flow = load_flow(home)
    assert coverage(flow) == {"objected": ("en",), "not_objected": ("en",)}
    assert lacking(flow.labels, ("control.label", "control.section")) == {"fr": ("control.section",)}
    assert "fr lacks: control.section" in audit(flow, TODAY)[1]


def test_regions_are_not_mixed(flows: dict[str, Flow]) -> None:
    """Portuguese has its title from Portugal and its button from Brazil: neither region's pages can be read alone."""
    told = coverage(flows["facebook.ai_objection"])["not_objected"]
    assert told == ("de", "en", "fr", "it", "pt (not pt-BR, pt-PT)")


def test_weak_sources_cover_no_language(flows: dict[str, Flow]) -> None:
    """A setting whose label or meaning is weakly known can give no verdict in any language."""
    assert coverage(flows["canva.ai_training"]) == {"objected": (), "not_objected": ()}


def test_verbs_are_those_of_the_reader(flows: dict[str, Flow]) -> None:
    """What a flow does is told in words that exist: each is something that the reader can do."""
    from automation.visit.reader import Reader

    for flow in flows.values():
        for verb in set(verbs(flow)) - {"form", "text"}:  # forms and texts are read from the view, without a verb
            assert hasattr(Reader, verb), verb


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("flow.toml", "[control]", "[contro]", "contro"),
        ("flow.toml", 'kind = "switch"', 'kind = "lever"', "control.kind"),
        ("flow.toml", 'surfaces = ["setting"]', 'surfaces = ["page"]', "'page' is not declared"),
        ("labels.toml", "control.section", "control.sections", "'control.section' has no words"),
        ("flow.toml", "temoin:declared/control.toml", "temoin:declared/gone.toml", "gone.toml"),
    ],
)
def test_a_faulty_control_is_refused_with_its_place(
    home: Path, change: Change, file: str, old: str, new: str, says: str
) -> None:
    """A mistake in a declared setting is one message that names the file and the key."""
    change(file, old, new)
    with pytest.raises(FlowError) as caught:
        load_flow(home)
    assert says in caught.value.message
    assert ".toml" in caught.value.message


def test_a_flow_is_a_form_or_a_control(home: Path, change: Change) -> None:
    """A manifest with both tables, or with none, is refused."""
    change(
        "flow.toml",
        "[surfaces.setting]",
        "[objection]\nhome = 'setting'\nforms = []\nform_ids = []\nform_path = 'x'\ninbox = 'setting'\n"
        "shapes = [{ name = 'short', needs = ['email'] }]\n\n[surfaces.setting]",
    )
    with pytest.raises(FlowError, match=r"either \[objection\] or \[control\]"):
        load_flow(home)


_SECOND = '[[objection.shapes]]\nname = "{}"\nneeds = [{}]\n\n[surfaces.home]'


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("flow.toml", 'paper = { en = "the paper", fr', 'paper = { en = "the paper", de', "guide.surfaces.paper lacks 'fr'"),
        ("flow.toml", "letters-item = {", "parcel = {", "guide.surfaces.letters-item lacks 'en'"),
        ("flow.toml", "letters-item = {", "parcel = {", "guide.surfaces.parcel: the flow has no such name"),
        ("flow.toml", "named = {", "nameless = {", "guide.shapes.named lacks 'en'"),
        ("flow.toml", '"email", "name"]', '"email", "hat"]', "no words under 'field.hat'"),
        ("flow.toml", "[surfaces.home]", _SECOND.format("late", '"email", "name"'), "shape late never fits"),
        ("flow.toml", "[surfaces.home]", _SECOND.format("named", '"email"'), "shape named stands there twice"),
        ("flow.toml", 'inbox_operations = ["letters"]', 'inbox_operations = ["post"]', "nothing names 'post'"),
        ("../site.toml", "paths = { letters =", 'paths = { mail = "/api/v2/letters", letters =', "'letters' has the path of 'mail'"),
    ],
)  # fmt: skip
def test_a_name_that_does_not_fit_is_named(tmp_path: Path, file: str, old: str, new: str, problem: str) -> None:
    """Words without a name, names without words, shapes that never fit, reads that nothing tells."""
    home = write_flow(tmp_path)
    edit(home / file, old, new)
    assert any(problem in found for found in audit(load_flow(home))[0])


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("flow.toml", 'needs = ["email", "name"]', 'needs = ["email"]\noptional = ["name"]', "objection.shapes.0"),
        ("flow.toml", 'name = "named"', 'name = "other"', "objection.shapes.0"),
        ("flow.toml", "[guide]\n", '[[exposure]]\nname = "a"\nsurface = "home"\nfield = "b"\n\n[guide]\n', "exposure.0"),
        ("flow.toml", "[guide]\n", '[[exposure]]\nname = "a"\nsurface = "home"\nlandmark = "b.c"\n\n[guide]\n', "'b.c'"),
        ("../site.toml", "paths = { letters = ", 'path = "/x"\npaths = { letters = ', "reads.path"),
    ],
)  # fmt: skip
def test_a_wrong_key_of_a_form_is_refused_with_its_place(
    tmp_path: Path, file: str, old: str, new: str, says: str
) -> None:
    """A shape, a row or a rule that cannot be meant does not load."""
    home = write_flow(tmp_path)
    edit(home / file, old, new)
    with pytest.raises(FlowError) as caught:
        load_flow(home)
    assert says in caught.value.message
