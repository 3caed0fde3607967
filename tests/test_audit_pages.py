"""The audit's sizes, loads and links: tiny sites that break one rule, and sites that break none."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from hashlib import shake_256
from pathlib import Path

import pytest

from audit.pages import budgets, links
from audit.pages.findings import Finding
from audit.pages.site import Site
from codebook.build.pipeline import BuildResult

Make = Callable[..., BuildResult]
Sites = Callable[..., Site]

PAGE = (
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Page</title>\n'
    "{head}\n</head>\n<body>\n<h1>Page</h1>\n{body}\n</body>\n</html>\n"
)
CANONICAL = '<link rel="canonical" href="https://codes.example/a/">'
SHEET = '<link rel="stylesheet" href="{}">'


@pytest.fixture
def site(tmp_path: Path) -> Sites:
    """A site of these files, and of a home page with this head and this body."""

    def site(
        files: Mapping[str, str | bytes] | None = None, head: str = "", body: str = ""
    ) -> Site:
        home = {"index.html": PAGE.format(head=head, body=body)}
        for name, data in {**home, **(files or {})}.items():
            place = tmp_path / "site" / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data.encode() if isinstance(data, str) else data)
        return Site.at(tmp_path / "site")

    return site


def noise(size: int) -> str:
    """Letters that no compression makes smaller than so many bytes."""
    return b64encode(shake_256(b"noise").digest(size)).decode()


def printed(findings: Sequence[Finding]) -> list[str]:
    """The findings as they are printed."""
    return [str(finding) for finding in findings]


# --- sizes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "css", "is_over"),
    [(6000, 6000, False), (13_000, 0, False), (15_000, 0, True), (8000, 8000, True)],
)
def test_html_and_sheets_of_a_page_share_a_budget(
    *, html: int, css: int, is_over: bool, site: Sites
) -> None:
    """14 KiB of what is sent, the sheet counted once however often it is linked."""
    head = SHEET.format("x.css") + SHEET.format("./x.css")
    report = budgets.check(site({"x.css": f"/* {noise(css)} */"}, head, noise(html)))
    assert [finding.file for finding in report.findings] == ["index.html"] * is_over
    assert all("HTML and CSS take" in finding.message for finding in report.findings)


def test_what_is_counted_is_what_is_sent(site: Sites) -> None:
    """A long page that compresses well is no burden, nor is a sheet that it does not link."""
    sheets = {"other.css": f"/* {noise(20_000)} */"}
    assert budgets.check(site(sheets, body="blank " * 20_000)).findings == ()


def test_a_page_deep_in_a_site_is_weighed_with_its_sheets(site: Sites) -> None:
    """They are found from wherever the page lies, below a base path as well."""
    for number, url in enumerate(("../../x.css", "/a/x.css", "https://codes.example/a/x.css")):
        files = {
            f"page/{number}/index.html": PAGE.format(head=SHEET.format(url), body=noise(8000)),
            "x.css": f"/* {noise(8000)} */",
        }
        built_site = site(files, CANONICAL)
        assert built_site.url == "https://codes.example/a/"
        findings = [
            finding for finding in budgets.check(built_site).findings if str(number) in finding.file
        ]
        assert [finding.message.split(" of ")[0][:18] for finding in findings] == [
            "HTML and CSS take "
        ]


@pytest.mark.parametrize(
    ("names", "size", "message"),
    [
        (["a.js", "assets/b.mjs"], 5000, "JavaScript takes"),
        (["a.js", "assets/b.js"], 3500, ""),
        (["search.json"], 13_000, "search index takes"),
        (["search.0123.json"], 13_000, "search index takes"),
        (["search.json"], 11_000, ""),
        (["api/all.json"], 50_000, ""),
    ],
)
def test_scripts_and_the_index_have_budgets(
    names: Sequence[str], size: int, message: str, site: Sites
) -> None:
    """8 KiB for all scripts together, 12 for what the search looks through."""
    findings = budgets.check(site({name: noise(size) for name in names})).findings
    assert [finding.file for finding in findings] == ([", ".join(sorted(names))] if message else [])
    assert all(finding.message.startswith(message) for finding in findings)


def test_a_sheet_that_is_missing_is_found(site: Sites) -> None:
    """Its page and its place are named."""
    (finding,) = budgets.check(site(head=SHEET.format("gone.css"))).findings
    assert str(finding) == 'index.html:6:1: the stylesheet "gone.css" is not in the site'


# --- what is loaded -------------------------------------------------------------------------------

THERE = "https://elsewhere.example/x"
LOADS = [
    f'<img src="{THERE}" alt="">',
    '<img src="//elsewhere.example/x" alt="">',
    f'<img src="x.png" srcset="x.png 1x, {THERE} 2x" alt="">',
    f'<picture><source srcset="{THERE}"><img src="x.png" alt=""></picture>',
    f'<p style="background: url({THERE})">x</p>',
    f"<p style=\"background: URL( '{THERE}' )\">x</p>",
    f'<script src="{THERE}"></script>',
    f'<iframe src="{THERE}"></iframe>',
    f'<object data="{THERE}"></object>',
    f'<embed src="{THERE}">',
    f'<video src="{THERE}"></video>',
    f'<video poster="{THERE}"></video>',
    f'<audio src="{THERE}"></audio>',
    f'<audio><source src="{THERE}"></audio>',
    f'<video><track src="{THERE}"></video>',
    f'<input type="image" src="{THERE}" alt="x">',
    f'<svg><image href="{THERE}"/></svg>',
    f'<svg><image xlink:href="{THERE}"/></svg>',
    f'<svg><use href="{THERE}#x"/></svg>',
    f'<svg><use xlink:href="{THERE}#x"/></svg>',
    f'<svg><filter><feImage href="{THERE}"/></filter></svg>',
    f'<svg><filter><feImage xlink:href="{THERE}"/></filter></svg>',
    f'<svg><script href="{THERE}"></script></svg>',
    f'<svg><script xlink:href="{THERE}"></script></svg>',
    f'<link rel="icon" href="{THERE}">',
    f'<link rel="preload" as="image" imagesrcset="{THERE} 2x" href="x.png">',
    f'<link rel="preconnect" href="{THERE}">',
    f'<link rel="alternate stylesheet" href="{THERE}">',
]
SHEETS = [
    f"@import '{THERE}';",
    f'@import url("{THERE}");',
    f"p {{ background: url({THERE}) }}",
    f"@font-face {{ src: local(x), url( '{THERE}' ) }}",
]


@pytest.mark.parametrize("body", LOADS)
def test_what_a_page_loads_from_another_host_is_found(body: str, site: Sites) -> None:
    """By whatever element or attribute it does."""
    findings = printed(budgets.check(site(head=CANONICAL, body=body)).findings)
    assert [text for text in findings if "is loaded from another host" in text]
    assert all(text.startswith("index.html:10:") for text in findings)


@pytest.mark.parametrize("sheet", SHEETS)
def test_what_a_sheet_loads_from_another_host_is_found(sheet: str, site: Sites) -> None:
    """It is named with its line, whether a page links it or not."""
    (finding,) = budgets.check(site({"x.css": f"p {{}}\n{sheet}"})).findings
    assert finding.position.startswith("2:")
    assert finding.message == f'"{THERE}" is loaded from another host'


@pytest.mark.parametrize(
    "body",
    [
        f'<a href="{THERE}">x</a>',
        f'<link rel="canonical" href="{THERE}">',
        f'<link rel="license author" href="{THERE}">',
        '<img src="https://codes.example/a/x.png" srcset="/x.png 2x" alt="">',
        '<img src="data:image/gif;base64,R0lGOD" alt="">',
        f'<form action="{THERE}"></form>',
        f'<meta property="og:image" content="{THERE}">',
        f"<p>&lt;img src={THERE}&gt; url({THERE})</p>",
        f"<!-- <img src='{THERE}'> -->",
    ],
)
def test_what_only_names_another_host_is_let_through(body: str, site: Sites) -> None:
    """Nothing is fetched before somebody asks for it."""
    assert budgets.check(site(head=CANONICAL, body=body)).findings == ()


# --- links ----------------------------------------------------------------------------------------


def test_dead_links_and_dead_anchors_are_found(site: Sites) -> None:
    """Each with its page and its place; those that lead somewhere and other hosts are not."""
    targets = ("b/", "#gone", "#here", "b/#there", "b/#gone", "nowhere/", THERE, "mailto:me@x.org")
    body = "\n".join(f'<p><a href="{target}">x</a></p>' for target in targets)
    files = {"b/index.html": PAGE.format(head="", body='<p id="there">x</p>')}
    report = links.check(site(files, body=f'<p id="here">x</p>\n{body}'))
    assert [finding.file for finding in report.findings] == ["index.html"] * 3
    assert [finding.position.split(":")[0] for finding in report.findings] == ["12", "15", "16"]
    assert ["#gone" in finding.message for finding in report.findings] == [True, True, False]
    assert "nowhere" in report.findings[-1].message


@pytest.mark.parametrize("url", ["https://codes.example/", "https://codes.example/a/b/"])
def test_a_site_for_a_base_path_has_no_dead_link(url: str, compile_book: Make, site: Sites) -> None:
    """Its error page names whole paths, its other pages their own address: both are there."""
    register = "# Signals\n\n1. Signals (10–19)\n\n## 1. Signals\n\n- 11 Open\nOpen.\n"
    files = compile_book({"signals.md": register}, url).files or {}
    built_site = site({path.as_posix(): data for path, data in files.items()})
    assert built_site.url == url
    assert printed(links.check(built_site).findings) == []
    assert printed(budgets.check(built_site).findings) == []
    page = built_site.folder / "404.html"
    page.write_text(page.read_text(encoding="utf-8").replace("status/1x/", "status/2x/"))
    assert links.check(built_site).findings
