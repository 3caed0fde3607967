"""Checks of the server recipes that need no server; `make audit` runs them on real ones."""

from __future__ import annotations

import re
from operator import attrgetter
from pathlib import Path

import pytest

from audit.effects import NO_RESPONSE, Effect, EffectError, declared, gaps
from audit.recipes import PORT, UPSTREAM, Recipe, read
from tests.book_files import CONTENT
from tests.offenders import assert_none

RECIPES = read(CONTENT)
EFFECTS = declared()

LISTENS = {
    "nginx": (r"\blisten\s+([^;]+);", {f"{PORT}", f"{PORT} default_server"}),
    "apache": (r"<VirtualHost\s+([^>]*)>", {f"*:{PORT}"}),
    "caddy": (r"^(\S.*) \{$", {f":{PORT}"}),
    "haproxy": (r"\bbind\s+(\S+)", {f":{PORT}"}),
}
"""The pattern of each server's listen directive, and its allowed values.

Varnish has none: it's an argument.
"""

MANUALS = {
    "nginx": "https://nginx.org/en/docs/",
    "apache": "https://httpd.apache.org/docs/2.4/",
    "caddy": "https://caddyserver.com/docs/",
    "haproxy": "https://docs.haproxy.org/",
    "varnish": "https://varnish-cache.org/docs/",
}

OTHERWISE = {("codes/504", "apache"), ("codes/504", "varnish")}
"""Recipes in articles of codes that their server does not send; the article says so."""


def test_every_recipe_has_an_effect_and_every_effect_a_recipe() -> None:
    """Declare the effect of a new recipe in audit/effects.toml; remove effects without one."""
    assert list(gaps(RECIPES, EFFECTS)) == []


def test_a_recipe_listens_on_port_8080() -> None:
    """Write 8080 without an IP address: the audit replaces the port."""
    sockets = {
        recipe: set(re.findall(LISTENS[recipe.key[1]][0], recipe.text, re.MULTILINE))
        for recipe in RECIPES.values()
        if recipe.key[1] in LISTENS
    }
    assert sockets
    assert_none(
        f"{recipe}: {named or 'no port'}"
        for recipe, named in sockets.items()
        if not named or not named <= LISTENS[recipe.key[1]][1]
    )


def test_a_recipe_uses_one_address_for_its_application() -> None:
    """Write 127.0.0.1:9000 for every application."""
    pattern = re.compile(r"\blocalhost\b|\b\d+(?:\.\d+){3}(?::\d+)?")
    assert_none(
        f"{recipe}: {others}"
        for recipe in RECIPES.values()
        if (others := set(pattern.findall(recipe.text)) - {UPSTREAM})
    )


def test_a_recipe_is_complete() -> None:
    """Write no ellipses, and close every brace and section."""
    assert_none(
        recipe
        for recipe in RECIPES.values()
        if re.search(r"\.\.\.|…", recipe.text)
        or recipe.text.count("{") != recipe.text.count("}")
        or any(
            f"</{section}>" not in recipe.text
            for section in re.findall(r"<([A-Z]\w*)", recipe.text)
        )
    )


def test_an_article_links_the_manual_of_each_server() -> None:
    """Link to the documentation of the directive in the server's manual."""
    errors = []
    for recipe in RECIPES.values():
        text = recipe.path.read_text(encoding="utf-8")
        if "/codes/" in str(recipe.path):
            text = text.partition("\n## Server recipes\n")[2]
        if MANUALS[recipe.key[1]] not in text:
            errors.append(recipe)
    assert_none(errors)


def test_an_effect_of_a_recipe_has_the_code_of_its_article() -> None:
    """Otherwise, the recipe isn't an example of the code."""
    errors = []
    for recipe in RECIPES.values():
        article, server, _ = recipe.key
        if article.startswith("codes/") and (article, server) not in OTHERWISE:
            statuses = {effect.status for effect in EFFECTS if effect.key == recipe.key}
            if not statuses & {int(article.removeprefix("codes/")), NO_RESPONSE}:
                errors.append(f"{recipe}: {statuses}")
    assert_none(errors)


def test_no_request_is_declared_twice() -> None:
    """Remove one of the two: the second one tests nothing new."""
    request = attrgetter("key", "path", "method", "body_size", "chunked", "times", "upstream")
    requests = [request(effect) for effect in EFFECTS if not effect.files and not effect.headers]
    assert len(requests) == len(set(requests))


def test_recipes_without_effects_and_effects_without_recipes_are_reported() -> None:
    """The check of the book can fail."""
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
def test_an_invalid_effect_is_rejected(tmp_path: Path, table: str, message: str) -> None:
    """Unknown keys are errors, because they would not be checked."""
    path = tmp_path / "effects.toml"
    servers = "" if "servers" in table else 'servers = ["nginx"]\n'
    head = f'[[effect]]\narticle = "codes/301"\nsays = "moves"\npath = "/"\n{servers}'
    status = "" if "status" in table or not table else "status = 301\n"
    path.write_text(f"{head}{status}{table}\n", encoding="utf-8")
    with pytest.raises(EffectError, match=message):
        declared(path)


def test_recipes_are_counted_for_each_server(tmp_path: Path) -> None:
    """The second recipe for nginx is number 2 even if other blocks are between them."""
    (tmp_path / "codes").mkdir()
    blocks = "```nginx\na\n```\n\n```caddy\nb\n```\n\n```http\nc\n```\n\n```nginx\nd\n```\n"
    (tmp_path / "codes" / "301.md").write_text(blocks, encoding="utf-8")
    recipes = {key: (recipe.line, recipe.text) for key, recipe in read(tmp_path).items()}
    assert recipes == {
        ("codes/301", "nginx", 1): (2, "a\n"),
        ("codes/301", "caddy", 1): (6, "b\n"),
        ("codes/301", "nginx", 2): (14, "d\n"),
    }
