"""Assets are named by their content, and by the content of all that they name themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

import pytest

from codebook.build.pipeline import build_site
from codebook.diagnostics.diagnostic import Rule
from codebook.diagnostics.source import Folder
from codebook.publish.assets import Asset, assets, circular_assets

Files = Mapping[PurePosixPath, bytes]
Publish = Callable[[Mapping[str, str]], Mapping[str, Asset]]

NAMED = re.compile(rb"""(?:["'(])(\./[^"'()]+)""")
"""An address beside the file, in quotation marks or in the brackets of `url()`."""


@pytest.fixture
def publish() -> Publish:
    """The assets of a folder by their plain name."""

    def publish(files: Mapping[str, str]) -> Mapping[str, Asset]:
        encoded = {PurePosixPath("assets", path): text.encode() for path, text in files.items()}
        return {asset.name: asset for asset in assets(Folder("templates", encoded))}

    return publish


def last(asset: Asset) -> str:
    """The name of the file as another asset beside it writes it."""
    return f"./{PurePosixPath(asset.url).name}"


# --- names ----------------------------------------------------------------------------------------


def test_a_name_is_the_plain_one_with_a_hash_in_it(templates: Folder) -> None:
    """Stem, hash, suffix, in the folder where the file lies: for every asset of the templates."""
    found = assets(templates)
    assert len(found) > 10
    for asset in found:
        plain = PurePosixPath("assets", asset.name)
        stem, digest, suffix = re.split(r"\.([0-9a-f]{10})(?=\.)", asset.url)
        assert (PurePosixPath(stem), suffix) == (plain.with_suffix(""), plain.suffix)
        assert len(digest) == 10


def test_files_in_folders_stay_in_them(publish: Publish) -> None:
    """Two of the same name do not meet."""
    found = publish({"x.svg": "<svg/>", "signs/x.svg": "<svg/>"})
    assert re.fullmatch(r"assets/x\.[0-9a-f]{10}\.svg", found["x.svg"].url)
    assert re.fullmatch(r"assets/signs/x\.[0-9a-f]{10}\.svg", found["signs/x.svg"].url)


@pytest.mark.parametrize("name", ["x.js", "x.css", "x.svg", "x.woff2"])
def test_a_name_tells_the_content(name: str, publish: Publish) -> None:
    """The same bytes have the same name, others have another."""
    one, same, other = (publish({name: text})[name].url for text in ("a{}", "a{}", "b{}"))
    assert one == same != other


@pytest.mark.parametrize(
    "name", [".DS_Store", "._style.css", ".main.js.swp", "signs/.hidden", ".idea/workspace.xml"]
)
def test_what_begins_with_a_dot_is_not_published(name: str, publish: Publish) -> None:
    """It belongs to somebody's editor or system."""
    assert set(publish({name: "x", "style.css": "a{}"})) == {"style.css"}


def test_what_lies_elsewhere_is_no_asset(templates: Folder) -> None:
    """Pages, the template of cards and their fonts are not published."""
    files = {PurePosixPath(path): b"x" for path in ("x.html", "fonts/x.ttf", "assets")}
    assert assets(Folder("templates", files)) == ()
    assert not [each for each in assets(templates) if each.name.endswith((".html", ".ttf"))]


# --- assets that name each other ------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        'import { x } from "./part.js";',
        "import { x } from './part.js';",
        'import "./part.js";',
        'export * from "./part.js";',
        'const later = () => import("./part.js");',
        'const place = new URL("./part.js", import.meta.url);',
    ],
)
def test_a_script_names_another_by_its_whole_name(statement: str, publish: Publish) -> None:
    """However it does, and nowhere by the plain one, which nobody can fetch."""
    found = publish({"main.js": statement, "part.js": "export const x = 1;"})
    assert NAMED.findall(found["main.js"].data) == [last(found["part.js"]).encode()]


@pytest.mark.parametrize("name", ["part.css", "part-of-it.js", "part-2.js", "part_two.js"])
def test_whatever_an_asset_is_called_it_can_be_named(name: str, publish: Publish) -> None:
    """A name that is left plain is one that nobody can fetch."""
    found = publish({"main.js": f'const part = "./{name}";', name: "a{}"})
    assert NAMED.findall(found["main.js"].data) == [last(found[name]).encode()]


@pytest.mark.parametrize("mark", ['"', "'"])
def test_a_sheet_names_a_font_by_its_whole_name(mark: str, publish: Publish) -> None:
    """As scripts do."""
    sheet = f"@font-face {{ src: url({mark}./face.woff2{mark}) format({mark}woff2{mark}) }}"
    found = publish({"style.css": sheet, "face.woff2": "font"})
    assert NAMED.findall(found["style.css"].data) == [last(found["face.woff2"]).encode()]
    other = publish({"style.css": sheet, "face.woff2": "another"})
    assert other["style.css"].url != found["style.css"].url


def test_a_file_in_a_folder_names_the_one_beside_it(publish: Publish) -> None:
    """Not the one of the same name above."""
    files = {"part.js": "1", "signs/part.js": "2", "signs/main.js": 'import "./part.js";'}
    found = publish(files)
    assert last(found["signs/part.js"]).encode() in found["signs/main.js"].data


def test_a_change_changes_the_names_of_all_that_import_it(publish: Publish) -> None:
    """Through every step, and no other: a browser may keep for ever what it has."""
    files = {
        "main.js": 'import "./middle.js";',
        "middle.js": 'import "./deep.js";',
        "deep.js": "one();",
        "other.js": "two();",
    }
    before, after = publish(files), publish({**files, "deep.js": "three();"})
    changed = {name for name in files if before[name].url != after[name].url}
    assert changed == {"main.js", "middle.js", "deep.js"}
    assert last(after["deep.js"]).encode() in after["middle.js"].data
    assert last(after["middle.js"]).encode() in after["main.js"].data


def test_the_order_of_files_changes_no_name(publish: Publish) -> None:
    """A script may be read before or after the one that it imports."""
    files = {"a.js": 'import "./b.js";', "b.js": 'import "./c.js";', "c.js": "1"}
    backwards = dict(reversed([*files.items()]))
    assert publish(files) == publish(backwards)


@pytest.mark.parametrize(
    "files",
    [
        {"a.js": 'import "./a.js";'},
        {"a.js": 'import "./b.js";', "b.js": 'import "./a.js";'},
        {"a.js": 'import "./b.js";', "b.js": 'import "./c.js";', "c.js": 'import "./a.js";'},
    ],
    ids=["itself", "each other", "in a ring"],
)
def test_scripts_that_import_each_other_are_published_once(
    files: Mapping[str, str], publish: Publish
) -> None:
    """Neither can be named by the other's content: it ends, and no name is made up."""
    found = publish(files)
    assert set(found) == set(files)
    there = {last(asset) for asset in found.values()} | {f"./{name}" for name in files}
    named = {name.decode() for asset in found.values() for name in NAMED.findall(asset.data)}
    assert named <= there


def test_a_ring_of_scripts_is_a_problem(templates: Folder) -> None:
    """Each is named, because what it would be called depends on what it would be called."""
    ring = {"one.js": b'import "./two.js";', "two.js": b'import "./one.js";', "three.js": b"1"}
    files = {PurePosixPath("assets", name): data for name, data in ring.items()}
    found = list(circular_assets(Folder("templates", {**templates.files, **files})))
    assert [(each.rule, each.span.path) for each in found] == [
        (Rule.TEMPLATE_ERROR, "templates/assets/one.js"),
        (Rule.TEMPLATE_ERROR, "templates/assets/two.js"),
    ]


def test_what_the_published_assets_name_is_there(built_site: Files) -> None:
    """Every address beside a script or a sheet of the site leads to a file of it."""
    named = {
        path.with_name(address.decode().removeprefix("./"))
        for path, data in built_site.items()
        if path.suffix in {".js", ".css"}
        for address in NAMED.findall(data)
    }
    assert len(named) > 3
    assert named <= set(built_site)


# --- what is taken out ----------------------------------------------------------------------------


def test_comments_and_blanks_go_and_words_stay(publish: Publish) -> None:
    """What looks like a comment inside a string, a template or an expression is none."""
    kept = [
        '"// no  comment"',
        "'/* nor  this */'",
        "`two  lines // of ${ word }\n  and /* blanks */`",
        "/[/*]+\"'`/g",
        '"https://codes.example//x"',
    ]
    found = publish(
        {
            "main.js": "// a remark\n" + "".join(f"use( {each} ); /* it */\n" for each in kept),
            "style.css": '/* a remark */\na::after { content: "/*  x  */"; }\n',
        }
    )
    script, sheet = (found[name].data.decode() for name in ("main.js", "style.css"))
    assert [each for each in kept if f"use({each})" not in script] == []
    assert "remark" not in script + sheet
    assert "it */" not in script
    assert sheet == 'a::after{content:"/*  x  */"}'


@pytest.mark.parametrize("name", ["main.js", "style.css"])
def test_an_asset_that_cannot_be_decoded_is_a_problem(name: str, templates: Folder) -> None:
    """It names the file, and nothing is built."""
    register = "# Signals\n\n1. Signals (10–19)\n\n## 1. Signals\n\n- 11 Open\nOpen.\n"
    book = Folder("content", {PurePosixPath("signals.md"): register.encode()})
    files = {**templates.files, PurePosixPath("assets", name): b"a\xff"}
    outcome = build_site(book, Folder("templates", files, root=templates.root), "site", "")
    assert outcome.files is None
    assert [(each.rule, each.span.path) for each in outcome.diagnostics] == [
        (Rule.NOT_UTF8, f"templates/assets/{name}")
    ]
