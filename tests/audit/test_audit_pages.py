"""The audit's checks of sizes and links, on small sites that break at most one rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from audit.pages import budgets, links
from audit.pages.site import Site
from codebook.build.pipeline import BuildResult
from tests.audit.test_audit_checkers import noise, printed
from tests.offenders import assert_none

Make = Callable[..., BuildResult]
Sites = Callable[..., Site]

PAGE = (
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Page</title>\n'
    "{head}\n</head>\n<body>\n<h1>Page</h1>\n{body}\n</body>\n</html>\n"
)
CANONICAL = '<link rel="canonical" href="https://codes.example/a/">'
STYLE_LINK = '<link rel="stylesheet" href="{}">'


@pytest.fixture
def site(tmp_path: Path) -> Sites:
    """A site of these files, and of a home page with this head and this body."""

    def site(
        files: Mapping[str, str | bytes] | None = None, head: str = "", body: str = ""
    ) -> Site:
        home = {"index.html": PAGE.format(head=head, body=body)}
        for name, data in {**home, **(files or {})}.items():
            path = tmp_path / "site" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data.encode() if isinstance(data, str) else data)
        return Site.at(tmp_path / "site")

    return site


# --- sizes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "css", "is_over"),
    [(6000, 6000, False), (13_000, 0, False), (15_000, 0, True), (8000, 8000, True)],
)
def test_html_and_css_of_a_page_share_a_budget(
    *, html: int, css: int, is_over: bool, site: Sites
) -> None:
    """The budget is 14 KiB compressed. A style sheet that is linked twice counts once."""
    head = STYLE_LINK.format("x.css") + STYLE_LINK.format("./x.css")
    report = budgets.check(site({"x.css": f"/* {noise(css)} */"}, head, noise(html)))
    assert [finding.file for finding in report.findings] == ["index.html"] * is_over
    assert all("HTML and CSS have" in finding.message for finding in report.findings)


def test_only_compressed_and_linked_bytes_count(site: Sites) -> None:
    """A long page that compresses well is fine, and so is a large style sheet that isn't linked."""
    files = {"other.css": f"/* {noise(20_000)} */"}
    assert budgets.check(site(files, body="blank " * 20_000)).findings == ()


def test_a_nested_page_is_measured_with_its_style_sheets(site: Sites) -> None:
    """URLs of style sheets resolve relative to the page, also below a base path."""
    for number, url in enumerate(("../../x.css", "/a/x.css", "https://codes.example/a/x.css")):
        files = {
            f"page/{number}/index.html": PAGE.format(head=STYLE_LINK.format(url), body=noise(8000)),
            "x.css": f"/* {noise(8000)} */",
        }
        built_site = site(files, CANONICAL)
        assert built_site.url == "https://codes.example/a/"
        findings = [
            finding for finding in budgets.check(built_site).findings if str(number) in finding.file
        ]
        assert [finding.message.split(" of ")[0][:18] for finding in findings] == [
            "HTML and CSS have "
        ]


@pytest.mark.parametrize(
    ("names", "size", "message"),
    [
        (["a.js", "assets/b.mjs"], 6000, "JavaScript has"),
        (["a.js", "assets/b.js"], 4500, ""),
        (["search.json"], 17_000, "search index has"),
        (["search.0123.json"], 17_000, "search index has"),
        (["search.json"], 15_000, ""),
        (["api/all.json"], 50_000, ""),
    ],
)
def test_scripts_and_the_index_have_budgets(
    names: Sequence[str], size: int, message: str, site: Sites
) -> None:
    """The budget is 10 KiB for all scripts together, and 16 KiB for the search index."""
    findings = budgets.check(site({name: noise(size) for name in names})).findings
    assert [finding.file for finding in findings] == ([", ".join(sorted(names))] if message else [])
    assert all(finding.message.startswith(message) for finding in findings)


SCRIPT = '<script src="a.js"></script>'
ICONS = (
    '<link rel="icon" href="i.ico"><link rel="icon" href="i.svg"><img src="i.svg" alt="">'
    '<link rel="apple-touch-icon" href="i.png"><link rel="manifest" href="i.webmanifest">'
)
"""Two requests in each browser: it takes one icon, and one of the last two links."""


@pytest.mark.parametrize(
    ("size", "head", "message"),
    [
        (2500, SCRIPT, ""),
        (3500, "", ""),
        (3500, SCRIPT, "the first scripts have "),
    ],
)
def test_scripts_that_a_page_loads_have_a_budget(
    size: int, head: str, message: str, site: Sites
) -> None:
    """The budget is 3 KiB. Scripts that load later count only in the budget of all scripts."""
    findings = budgets.check(site({"a.js": noise(size)}, head)).findings
    assert [finding.message[: len(message)] for finding in findings] == [message] * bool(message)


@pytest.mark.parametrize(
    ("head", "count"),
    [
        (ICONS, 3),
        (ICONS + "".join(f'<img src="{number}.png" alt="">' for number in range(3)), 6),
        (ICONS + "".join(f'<img src="{number}.png" alt="">' for number in range(4)), 7),
        (
            ICONS + SCRIPT * 4 + '<link rel="preload" href="x.woff2">' + STYLE_LINK.format("x.css"),
            6,
        ),
        ('<link rel="search" href="a.xml">', 2),
        ('<link rel="alternate" href="b.md"><a href="c/">c</a>', 1),
    ],
)
def test_a_page_has_a_budget_of_requests(head: str, count: int, site: Sites) -> None:
    """The page and everything that a browser requests with it are at most 6 files.

    Only on the home page, browsers request the description of a search.
    """
    nested = PAGE.format(head='<link rel="search" href="a.xml">', body="")
    files = {"a.js": "1", "x.css": "a{}", "c/index.html": nested}
    report = budgets.check(site(files, head))
    (row,) = (row for row in report.table if row.startswith("home"))
    assert int(row.split()[-3]) == count
    (other,) = (row for row in report.table if row.startswith("other"))
    assert int(other.split()[-3]) == 1
    messages = [f"a first visit takes {count} requests (budget: 6)"] if count > 6 else []
    assert [finding.message for finding in report.findings] == messages


def test_a_missing_style_sheet_is_reported(site: Sites) -> None:
    """The finding has the page and the position of the link."""
    (finding,) = budgets.check(site(head=STYLE_LINK.format("gone.css"))).findings
    assert str(finding) == 'index.html:6:1: the stylesheet "gone.css" is not in the site'


# --- what is loaded -------------------------------------------------------------------------------

REMOTE = "https://elsewhere.example/x"
LOADS = [
    f'<img src="{REMOTE}" alt="">',
    '<img src="//elsewhere.example/x" alt="">',
    f'<img src="x.png" srcset="x.png 1x, {REMOTE} 2x" alt="">',
    f'<picture><source srcset="{REMOTE}"><img src="x.png" alt=""></picture>',
    f'<p style="background: url({REMOTE})">x</p>',
    f"<p style=\"background: URL( '{REMOTE}' )\">x</p>",
    f'<script src="{REMOTE}"></script>',
    f'<iframe src="{REMOTE}"></iframe>',
    f'<object data="{REMOTE}"></object>',
    f'<embed src="{REMOTE}">',
    f'<video src="{REMOTE}"></video>',
    f'<video poster="{REMOTE}"></video>',
    f'<audio src="{REMOTE}"></audio>',
    f'<audio><source src="{REMOTE}"></audio>',
    f'<video><track src="{REMOTE}"></video>',
    f'<input type="image" src="{REMOTE}" alt="x">',
    f'<svg><image href="{REMOTE}"/></svg>',
    f'<svg><image xlink:href="{REMOTE}"/></svg>',
    f'<svg><use href="{REMOTE}#x"/></svg>',
    f'<svg><use xlink:href="{REMOTE}#x"/></svg>',
    f'<svg><filter><feImage href="{REMOTE}"/></filter></svg>',
    f'<svg><filter><feImage xlink:href="{REMOTE}"/></filter></svg>',
    f'<svg><script href="{REMOTE}"></script></svg>',
    f'<svg><script xlink:href="{REMOTE}"></script></svg>',
    f'<link rel="icon" href="{REMOTE}">',
    f'<link rel="preload" as="image" imagesrcset="{REMOTE} 2x" href="x.png">',
    f'<link rel="preconnect" href="{REMOTE}">',
    f'<link rel="alternate stylesheet" href="{REMOTE}">',
]
STYLES = [
    f"@import '{REMOTE}';",
    f'@import url("{REMOTE}");',
    f"p {{ background: url({REMOTE}) }}",
    f"@font-face {{ src: local(x), url( '{REMOTE}' ) }}",
]


def test_a_load_from_another_host_is_reported(site: Sites) -> None:
    """Any element or attribute that loads a resource is checked."""
    errors = []
    for body in LOADS:
        findings = printed(budgets.check(site(head=CANONICAL, body=body)).findings)
        is_found = any("is loaded from another host" in text for text in findings)
        if not is_found or not all(text.startswith("index.html:10:") for text in findings):
            errors.append(f"{body}: {findings}")
    assert_none(errors)


def test_a_load_of_a_style_sheet_from_another_host_is_reported(site: Sites) -> None:
    """The finding has the line, and the style sheet needn't be linked."""
    for css in STYLES:
        (finding,) = budgets.check(site({"x.css": f"p {{}}\n{css}"})).findings
        assert finding.position.startswith("2:"), css
        assert finding.message == f'"{REMOTE}" is loaded from another host', css


NAMES = [
    f'<a href="{REMOTE}">x</a>',
    f'<link rel="canonical" href="{REMOTE}">',
    f'<link rel="license author" href="{REMOTE}">',
    '<img src="https://codes.example/a/x.png" srcset="/x.png 2x" alt="">',
    '<img src="data:image/gif;base64,R0lGOD" alt="">',
    f'<form action="{REMOTE}"></form>',
    f'<meta property="og:image" content="{REMOTE}">',
    f"<p>&lt;img src={REMOTE}&gt; url({REMOTE})</p>",
    f"<!-- <img src='{REMOTE}'> -->",
]


def test_a_link_to_another_host_is_allowed(site: Sites) -> None:
    """Links and metadata don't make the browser load anything."""
    assert_none(
        f"{body}: {printed(findings)}"
        for body in NAMES
        if (findings := budgets.check(site(head=CANONICAL, body=body)).findings)
    )


# --- links ----------------------------------------------------------------------------------------


def test_dead_links_and_dead_anchors_are_reported(site: Sites) -> None:
    """Each finding has its page and position. Valid links and other hosts are ignored."""
    targets = ("b/", "#gone", "#here", "b/#there", "b/#gone", "nowhere/", REMOTE, "mailto:me@x.org")
    body = "\n".join(f'<p><a href="{target}">x</a></p>' for target in targets)
    files = {"b/index.html": PAGE.format(head="", body='<p id="there">x</p>')}
    report = links.check(site(files, body=f'<p id="here">x</p>\n{body}'))
    assert [finding.file for finding in report.findings] == ["index.html"] * 3
    assert [finding.position.split(":")[0] for finding in report.findings] == ["12", "15", "16"]
    assert ["#gone" in finding.message for finding in report.findings] == [True, True, False]
    assert "nowhere" in report.findings[-1].message


@pytest.mark.parametrize("url", ["https://codes.example/", "https://codes.example/a/b/"])
def test_a_site_for_a_base_path_has_no_dead_link(url: str, compile_book: Make, site: Sites) -> None:
    """The absolute paths on the error page and the canonical URLs of other pages resolve."""
    register = "# Signals\n\n1. Signals (10–19)\n\n## 1. Signals\n\n- 11 Open\nOpen.\n"
    files = compile_book({"signals.md": register}, url).files or {}
    built_site = site({path.as_posix(): data for path, data in files.items()})
    assert built_site.url == url
    assert printed(links.check(built_site).findings) == []
    assert printed(budgets.check(built_site).findings) == []
    page = built_site.folder / "404.html"
    page.write_text(page.read_text(encoding="utf-8").replace("status/1x/", "status/2x/"))
    assert links.check(built_site).findings
