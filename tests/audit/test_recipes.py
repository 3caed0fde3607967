"""The server recipes, as far as no server is needed; `make audit` tries them on the real ones."""

from __future__ import annotations

import re
from operator import attrgetter
from pathlib import Path

import pytest

from audit.effects import NO_RESPONSE, Effect, EffectError, declared, gaps
from audit.recipes import PORT, UPSTREAM, Recipe, read
from tests.book_files import CONTENT

RECIPES = read(CONTENT)
EFFECTS = declared()
EVERY_RECIPE = pytest.mark.parametrize("recipe", RECIPES.values(), ids=str)

LISTENS = {
    "nginx": (r"\blisten\s+([^;]+);", {f"{PORT}", f"{PORT} default_server"}),
    "apache": (r"<VirtualHost\s+([^>]*)>", {f"*:{PORT}"}),
    "caddy": (r"^(\S.*) \{$", {f":{PORT}"}),
}
"""The pattern of each server's listen directive, and its allowed values."""

MANUALS = {
    "nginx": "https://nginx.org/en/docs/",
    "apache": "https://httpd.apache.org/docs/2.4/",
    "caddy": "https://caddyserver.com/docs/",
}

OTHERWISE = {("codes/504", "apache")}
"""Recipes in articles of codes that their server does not send; the article says so."""


def test_every_recipe_is_tried_and_every_effect_has_its_recipe() -> None:
    """Declare in audit/effects.toml what a new recipe does; remove what belongs to none."""
    assert list(gaps(RECIPES, EFFECTS)) == []


@EVERY_RECIPE
def test_a_recipe_listens_at_the_one_port(recipe: Recipe) -> None:
    """Write 8080 without an IP address: readers and the audit change only one value."""
    pattern, allowed = LISTENS[recipe.key[1]]
    sockets = set(re.findall(pattern, recipe.text, re.MULTILINE))
    assert sockets
    assert sockets <= allowed


@EVERY_RECIPE
def test_a_recipe_names_one_application(recipe: Recipe) -> None:
    """Call it 127.0.0.1:9000, always, whatever it does."""
    named = re.findall(r"\blocalhost\b|\b\d+(?:\.\d+){3}(?::\d+)?", recipe.text)
    assert set(named) <= {UPSTREAM}


@EVERY_RECIPE
def test_a_recipe_is_whole(recipe: Recipe) -> None:
    """Leave nothing out: no dots, every brace and every section closed."""
    text = recipe.text
    assert "..." not in text
    assert "…" not in text
    assert text.count("{") == text.count("}")
    for section in re.findall(r"<([A-Z]\w*)", text):
        assert f"</{section}>" in text


@EVERY_RECIPE
def test_an_article_links_the_manual_of_each_server(recipe: Recipe) -> None:
    """Say where the server's own documentation describes the directive."""
    text = recipe.path.read_text(encoding="utf-8")
    section = text.partition("\n## Server recipes\n")[2] if "/codes/" in str(recipe.path) else text
    assert MANUALS[recipe.key[1]] in section


@EVERY_RECIPE
def test_a_recipe_of_a_code_is_seen_to_send_it(recipe: Recipe) -> None:
    """Among its effects is one with the code of the article, or one without a response."""
    article, server, _ = recipe.key
    if not article.startswith("codes/") or (article, server) in OTHERWISE:
        return
    statuses = {effect.status for effect in EFFECTS if effect.key == recipe.key}
    assert statuses & {int(article.removeprefix("codes/")), NO_RESPONSE}


def test_no_request_is_declared_twice() -> None:
    """Remove one of the two: the second tests nothing new."""
    request = attrgetter("key", "path", "method", "body_size", "chunked", "times", "upstream")
    requests = [request(effect) for effect in EFFECTS if not effect.files and not effect.headers]
    assert len(requests) == len(set(requests))


def test_a_recipe_without_effect_and_an_effect_without_recipe_are_both_named() -> None:
    """The check of the book is one that can fail."""
    recipe = Recipe(Path("x.md"), 7, ("codes/301", "nginx", 1), "")
    effect = Effect("codes/302", "caddy", "moves", "/", 302)
    assert list(gaps({recipe.key: recipe}, [effect])) == [
        "x.md:7: nginx recipe 1 has no effect: add one to effects.toml",
        "effects.toml: codes/302 has no caddy recipe 1",
    ]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("stauts = 301", "unknown key stauts"),
        ("times = true", "times must be of type int"),
        ('status = "301"', "status must be of type int"),
        ('upstream = "happy"', "upstream must be one of"),
        ('servers = ["lighttpd"]', "servers must be a list of"),
        ("", "missing status"),
    ],
)
def test_an_effect_with_an_error_is_refused(tmp_path: Path, table: str, message: str) -> None:
    """An unknown key would never be checked."""
    path = tmp_path / "effects.toml"
    servers = "" if "servers" in table else 'servers = ["nginx"]\n'
    head = f'[[effect]]\narticle = "codes/301"\nsays = "moves"\npath = "/"\n{servers}'
    status = "" if "status" in table or not table else "status = 301\n"
    path.write_text(f"{head}{status}{table}\n", encoding="utf-8")
    with pytest.raises(EffectError, match=message):
        declared(path)


def test_recipes_are_counted_for_each_server(tmp_path: Path) -> None:
    """The second recipe for nginx is number 2, whatever blocks are between."""
    (tmp_path / "codes").mkdir()
    blocks = "```nginx\na\n```\n\n```caddy\nb\n```\n\n```http\nc\n```\n\n```nginx\nd\n```\n"
    (tmp_path / "codes" / "301.md").write_text(blocks, encoding="utf-8")
    recipes = {key: (recipe.line, recipe.text) for key, recipe in read(tmp_path).items()}
    assert recipes == {
        ("codes/301", "nginx", 1): (2, "a\n"),
        ("codes/301", "caddy", 1): (6, "b\n"),
        ("codes/301", "nginx", 2): (14, "d\n"),
    }
