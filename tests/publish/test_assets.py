"""The names of assets contain a hash of their content and of all assets that they import."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

import pytest

from codebook.build.pipeline import build_site
from codebook.cache import Cache
from codebook.diagnostics.diagnostic import Rule
from codebook.diagnostics.source import Folder
from codebook.publish.asset_errors import asset_errors
from codebook.publish.assets import Asset, assets

Files = Mapping[PurePosixPath, bytes]
Publish = Callable[[Mapping[str, str]], Mapping[str, Asset]]

NAMED = re.compile(rb"""(?:["'(])(\./[^"'()]+)""")
"""A relative URL, in quotation marks or in `url()`."""


@pytest.fixture
def publish() -> Publish:
    """The assets of a folder by their plain name."""

    def publish(files: Mapping[str, str]) -> Mapping[str, Asset]:
        encoded = {PurePosixPath("assets", path): text.encode() for path, text in files.items()}
        return {asset.name: asset for asset in assets(Folder("templates", encoded))}

    return publish


def last(asset: Asset) -> str:
    """The file name as an import in another asset in the same folder."""
    return f"./{PurePosixPath(asset.url).name}"


# --- names ----------------------------------------------------------------------------------------


def test_a_name_is_the_plain_name_with_a_hash(templates: Folder) -> None:
    """Every asset of the templates keeps its folder, stem, and suffix."""
    published = assets(templates)
    assert len(published) > 10
    for asset in published:
        plain = PurePosixPath("assets", asset.name)
        stem, digest, suffix = re.split(r"\.([0-9a-f]{10})(?=\.)", asset.url)
        assert (PurePosixPath(stem), suffix) == (plain.with_suffix(""), plain.suffix)
        assert len(digest) == 10


def test_files_in_folders_stay_in_them(publish: Publish) -> None:
    """Two files with the same name don't collide."""
    published = publish({"x.svg": "<svg/>", "signs/x.svg": "<svg/>"})
    assert re.fullmatch(r"assets/x\.[0-9a-f]{10}\.svg", published["x.svg"].url)
    assert re.fullmatch(r"assets/signs/x\.[0-9a-f]{10}\.svg", published["signs/x.svg"].url)


@pytest.mark.parametrize("name", ["x.js", "x.css", "x.svg", "x.woff2"])
def test_a_name_depends_on_the_content(name: str, publish: Publish) -> None:
    """Equal bytes have the same name, and different ones don't."""
    one, same, other = (publish({name: text})[name].url for text in ("a{}", "a{}", "b{}"))
    assert one == same != other


@pytest.mark.parametrize(
    "name", [".DS_Store", "._style.css", ".main.js.swp", "signs/.hidden", ".idea/workspace.xml"]
)
def test_hidden_files_are_not_published(name: str, publish: Publish) -> None:
    """They belong to an editor or the operating system."""
    assert set(publish({name: "x", "style.css": "a{}"})) == {"style.css"}


def test_files_outside_assets_are_not_published(templates: Folder) -> None:
    """Page templates, the card template, and its fonts stay private."""
    files = {PurePosixPath(path): b"x" for path in ("x.html", "fonts/x.ttf", "assets")}
    assert assets(Folder("templates", files)) == ()
    assert not [asset for asset in assets(templates) if asset.name.endswith((".html", ".ttf"))]


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
def test_a_script_imports_another_by_its_hashed_name(statement: str, publish: Publish) -> None:
    """Any import syntax works, and no plain name is left."""
    published = publish({"main.js": statement, "part.js": "export const x = 1;"})
    assert NAMED.findall(published["main.js"].data) == [last(published["part.js"]).encode()]


@pytest.mark.parametrize("name", ["part.css", "part-of-it.js", "part-2.js", "part_two.js"])
def test_an_asset_with_any_name_can_be_imported(name: str, publish: Publish) -> None:
    """The import is replaced by the hashed name."""
    published = publish({"main.js": f'const part = "./{name}";', name: "a{}"})
    assert NAMED.findall(published["main.js"].data) == [last(published[name]).encode()]


@pytest.mark.parametrize("mark", ['"', "'"])
def test_a_style_sheet_names_a_font_by_its_hashed_name(mark: str, publish: Publish) -> None:
    """URLs in style sheets are replaced too."""
    css = f"@font-face {{ src: url({mark}./face.woff2{mark}) format({mark}woff2{mark}) }}"
    published = publish({"style.css": css, "face.woff2": "font"})
    assert NAMED.findall(published["style.css"].data) == [last(published["face.woff2"]).encode()]
    other = publish({"style.css": css, "face.woff2": "another"})
    assert other["style.css"].url != published["style.css"].url


@pytest.mark.parametrize(
    "written",
    [
        "url(signs/x.svg)",
        'url("signs/x.svg")',
        "url( './signs/x.svg' )",
        "url(signs/../signs/x.svg)",
        'url("signs/x.svg#half")',
        '@import "signs/x.svg";',
    ],
)
def test_a_style_sheet_can_name_an_asset_in_every_notation(written: str, publish: Publish) -> None:
    """Without quotes, without the dot, and in another folder."""
    published = publish({"style.css": f"a{{}}{written}", "signs/x.svg": "<svg/>"})
    name = published["signs/x.svg"].url.removeprefix("assets/")
    assert f"./{name}" in published["style.css"].data.decode()


def test_a_style_sheet_in_a_folder_can_name_an_asset_above_it(publish: Publish) -> None:
    """The URL is relative to the published style sheet."""
    published = publish({"signs/a.css": "a{b:url(../x.svg)}", "x.svg": "<svg/>"})
    name = published["x.svg"].url.removeprefix("assets/")
    assert published["signs/a.css"].data == f"a{{b:url(../{name})}}".encode()


@pytest.mark.parametrize(
    "css",
    [
        'url("data:image/svg+xml,x.svg")',
        "url(https://example.org/x.svg)",
        "url(//example.org/x.svg)",
        "url(/x.svg)",
        "url(#x.svg)",
        'content:"x.svg"',
    ],
)
def test_other_urls_stay_as_they_are(css: str, publish: Publish) -> None:
    """They don't name a file next to the style sheet, so none is missing."""
    files = {"style.css": f"a{{b:{css}}}", "x.svg": "<svg/>"}
    assert publish(files)["style.css"].data.decode() == files["style.css"]


SHEETS = {
    "parts/box.css": ".box{b:url(../x.svg)}",
    "base.css": '@import "./parts/box.css";\nbody{margin:0}',
    "x.svg": "<svg/>",
}


def test_a_style_sheet_contains_those_that_it_imports(publish: Publish) -> None:
    """A page loads one style sheet, in which every URL still names the same file."""
    home = "/* The home page */\n@import './base.css' ;\n@import \"parts/box.css\";\na{b:c}"
    published = publish({**SHEETS, "home.css": home})
    box = f".box{{b:url({last(published['x.svg'])})}}"
    assert published["home.css"].data.decode() == f"{box}body{{margin:0}}{box}a{{b:c}}"
    changed = publish({**SHEETS, "home.css": home, "x.svg": "<svg></svg>"})
    assert changed["home.css"].url != published["home.css"].url


@pytest.mark.parametrize(
    "statement",
    [
        '@import "./base.css" print;',
        '@import "./base.css" layer(base);',
        "@import url(./base.css);",
        '@import "https://example.org/x.css";@import "./base.css" print;',
    ],
)
def test_a_style_sheet_with_other_imports_loads_them(statement: str, publish: Publish) -> None:
    """An import with a condition stays, and so does one before it: no import may follow a rule."""
    published = publish({**SHEETS, "home.css": f'@import "./parts/box.css";{statement}a{{b:c}}'})
    names = [last(published[name]) for name in ("parts/box.css", "base.css")]
    kept = statement.replace("./base.css", names[1])
    first = f'@import "./parts/{names[0].removeprefix("./")}";'
    assert published["home.css"].data.decode() == f"{first}{kept}a{{b:c}}"


def errors(**files: str) -> list[str]:
    """The places and messages of the errors in some assets."""
    encoded = {PurePosixPath("assets", path): text.encode() for path, text in files.items()}
    return [
        f"{error.span.line}:{error.span.column} {error.message}"
        for error in asset_errors(Cache(), Folder("templates", encoded))
    ]


@pytest.mark.parametrize(
    ("name", "text", "error"),
    [
        ("a.css", "a{}\n@import 'gone.css';", '2:10 the templates have no asset "gone.css"'),
        ("a.css", "a{b:url(gone.png)}", '1:9 the templates have no asset "gone.png"'),
        ("a.js", 'x;\nimport "./gone.js";', '2:9 the templates have no asset "./gone.js"'),
        ("a.js", 'x = import("./gone.js");', '1:13 the templates have no asset "./gone.js"'),
        ("a.css", "a {\n  b: c;\n", "1:3 this bracket is never closed"),
        ("a.css", "a { b: c(; }", '1:12 "}" closes nothing'),
        ("a.css", "a {}\n}\n", '2:1 "}" closes nothing'),
        ("a.css", "a { b: 'c; }", "1:8 this string is never closed"),
        ("a.css", "/* a {}", "1:1 this comment is never closed"),
    ],
)
def test_what_browsers_would_ignore_in_silence_is_an_error(
    name: str, text: str, error: str
) -> None:
    """A style sheet is incomplete, or a file is missing."""
    assert errors(**{name: text}) == [error]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.css", '/* } url(gone.png) */ a[b=\'}\'] { c: url(d:}) "\\"{"; } .e\\{ {}'),
        ("a.js", 'const gone = "./gone.js";'),
        ("a.js", '// import "./gone.js";\n/*\n * import "./gone.js";\n */'),
    ],
)
def test_comments_and_strings_are_no_errors(name: str, text: str) -> None:
    """They can contain anything."""
    assert errors(**{name: text}) == []


def test_an_import_is_relative_to_the_folder_of_the_file(publish: Publish) -> None:
    """A file with the same name in the parent folder is a different one."""
    files = {"part.js": "1", "signs/part.js": "2", "signs/main.js": 'import "./part.js";'}
    published = publish(files)
    assert last(published["signs/part.js"]).encode() in published["signs/main.js"].data


def test_a_change_renames_every_asset_that_imports_it(publish: Publish) -> None:
    """Indirect imports count, and no other names change: browsers cache assets forever."""
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
    """A script can be read before or after the one that it imports."""
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
    """Hashing ends, and every name exists, although neither hash can depend on the other."""
    published = publish(files)
    assert set(published) == set(files)
    names = {last(asset) for asset in published.values()} | {f"./{name}" for name in files}
    named = {name.decode() for asset in published.values() for name in NAMED.findall(asset.data)}
    assert named <= names


def test_circular_imports_are_reported(templates: Folder) -> None:
    """Each script is reported, because its hash depends on itself."""
    ring = {"one.js": b'import "./two.js";', "two.js": b'import "./one.js";', "three.js": b"1"}
    files = {PurePosixPath("assets", name): data for name, data in ring.items()}
    diagnostics = list(asset_errors(Cache(), Folder("templates", {**templates.files, **files})))
    assert [(diagnostic.rule, diagnostic.span.path) for diagnostic in diagnostics] == [
        (Rule.TEMPLATE_ERROR, "templates/assets/one.js"),
        (Rule.TEMPLATE_ERROR, "templates/assets/two.js"),
    ]


def test_urls_in_published_assets_resolve(built_site: Files) -> None:
    """Every relative URL in a script or style sheet is a file of the site."""
    named = {
        path.with_name(url.decode().removeprefix("./"))
        for path, data in built_site.items()
        if path.suffix in {".js", ".css"}
        for url in NAMED.findall(data)
    }
    assert len(named) > 3
    assert named <= set(built_site)


# --- what is taken out ----------------------------------------------------------------------------


def test_minification_removes_comments_and_keeps_strings(publish: Publish) -> None:
    """Text that looks like a comment in a string, template, or regular expression stays."""
    kept = [
        '"// no  comment"',
        "'/* nor  this */'",
        "`two  lines // of ${ word }\n  and /* spaces */`",
        "/[/*]+\"'`/g",
        '"https://codes.example//x"',
    ]
    published = publish(
        {
            "main.js": "// a remark\n" + "".join(f"use( {code} ); /* it */\n" for code in kept),
            "style.css": '/* a remark */\na::after { content: "/*  x  */"; }\n',
        }
    )
    script, css = (published[name].data.decode() for name in ("main.js", "style.css"))
    assert [code for code in kept if f"use({code})" not in script] == []
    assert "remark" not in script + css
    assert "it */" not in script
    assert css == 'a::after{content:"/*  x  */"}'


@pytest.mark.parametrize("name", ["main.js", "style.css"])
def test_an_asset_that_cannot_be_decoded_is_reported(name: str, templates: Folder) -> None:
    """The diagnostic names the file, and nothing is built."""
    register = "# Signals\n\n1. Signals (10–19)\n\n## 1. Signals\n\n- 11 Open\nOpen.\n"
    book = Folder("content", {PurePosixPath("signals.md"): register.encode()})
    files = {**templates.files, PurePosixPath("assets", name): b"a\xff"}
    result = build_site(book, Folder("templates", files), "site", "")
    assert result.files is None
    assert [(diagnostic.rule, diagnostic.span.path) for diagnostic in result.diagnostics] == [
        (Rule.NOT_UTF8, f"templates/assets/{name}")
    ]
