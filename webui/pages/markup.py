"""The one place where text of pages becomes markup.

Jinja escapes every string that a template prints, ``marked`` does the same by hand around its ``<mark>``
tags, and what is rendered passes ``indexer.text.plain`` as a whole.
"""

from __future__ import annotations

from bisect import bisect_right
from io import StringIO
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from flask import current_app
from flask.templating import Environment
from jinja2 import DictLoader, nodes
from jinja2.compiler import CodeGenerator, optimizeconst
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from indexer.text.plain import plain
from webui.address import root
from webui.choices import language, theme
from webui.escaping import escaped
from webui.pages.breaks import breaking, unbroken
from webui.pages.words import said
from webui.translation import chinese, for_templates, gettext

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping, Sequence

    from flask import Flask
    from jinja2.compiler import Frame
    from jinja2.environment import TemplateModule

    from indexer.answers.results import Mark
    from webui.pages.document import Span
    from webui.pages.parts import Part
    from webui.pages.relations import TextLink


_ENVIRONMENTS = "policy_search.page_environments"
_MOST_ENVIRONMENTS = 8  # each language under the paths under which proxies show this server: one, as a rule


def marked(text: str, marks: Sequence[Mark]) -> str:
    """Escape a text and wrap its marked ranges; marks are sorted and do not overlap."""
    pieces, at = [], 0
    for start, end in marks:
        pieces.append(f"{escaped(text[at:start])}<mark>{escaped(text[start:end])}</mark>")
        at = end
    pieces.append(escaped(text[at:]))
    return "".join(pieces)


def marked_span(body: str, span: Span, last: int, part: Part | None = None, links: Sequence[TextLink] = ()) -> Markup:
    """Escape a stretch of a body; each mark can be pointed to and leads to its neighbours of ``last`` in all.

    ``links`` are sorted and do not overlap.
    """

    def href(number: int) -> Markup:
        return escape(part.mark_href(number) if part else f"#m{number}")

    pieces, at = [], span.start
    for n, (start, end) in span.marks:
        back = f'<a href="{href(n - 1)}">‹</a>' if n > 1 else ""
        on = f'<a href="{href(n + 1)}">›</a>' if n < last else ""
        text, marked_text = _linked(body, at, start, links), _linked(body, start, end, links)
        pieces.append(f'{text}<mark id="m{n}" tabindex="-1">{marked_text}</mark>')
        pieces.append(f'<span class="hop">{back}<b>{n}/{last}</b>{on}</span>')
        at = end
    pieces.append(_linked(body, at, span.end, links))
    return Markup("".join(pieces))  # noqa: S704 - as above


def _linked(body: str, start: int, end: int, links: Sequence[TextLink]) -> str:
    """Escape a stretch of a body, with what of the links lies in it."""
    pieces, at = [], start
    for one in links[bisect_right(links, start, key=lambda link: link.end) :]:
        first, after = max(start, one.start), min(end, one.end)
        if first >= end:
            break
        pieces.append(f'{unbroken(body[at:first])}<a href="{escape(one.href)}">{unbroken(body[first:after])}</a>')
        at = after
    pieces.append(str(unbroken(body[at:end])))
    return "".join(pieces)


def figure(count: int) -> str:
    """Write a count with commas between thousands."""
    return f"{count:,}"


def shortened(text: str, most: int = 60) -> str:
    """Return a text of at most so many characters, its middle left out; a query told back must not fill the page."""
    return text if len(text) <= most else f"{text[: most * 2 // 3]}…{text[-most // 3 :]}"


def safe_url(url: str) -> str:
    """Return an address that may be linked: http or https with a host; else ""."""
    try:
        parts = urlsplit(plain(url))
    except ValueError:
        return ""
    return plain(url) if parts.scheme in {"http", "https"} and parts.netloc else ""


def render(template: str, **context: Any) -> str:
    """Render a template; nothing that could reorder or hide what it shows comes out of it."""
    return plain(_environment().get_template(template).render(context, theme=theme()))


def _environment() -> PageEnvironment:
    """Return the templates as they are in this answer's language, under the path at which its asker sees us."""
    held: dict[tuple[str, str], PageEnvironment] = current_app.extensions[_ENVIRONMENTS]
    key = language(), root()
    if key not in held:
        if len(held) >= _MOST_ENVIRONMENTS:
            held.clear()
        held[key] = PageEnvironment.of(current_app.jinja_env)
    return held[key]


class _Spoken(NodeTransformer):
    """Puts the words that a template asks for where it asks for them, and what is the same in all pages of its kind."""

    def __init__(self, constants: Mapping[str, object]) -> None:
        self._constants = constants

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - Jinja's name, as below
        match self.generic_visit(node):
            case nodes.Call(node=nodes.Name(name="_"), args=[nodes.Const(value=str(word))], kwargs=[]):
                return nodes.Const(Markup(gettext(word)))  # noqa: S704 - our own catalogs
            case other:
                return other

    def visit_Name(self, node: nodes.Name) -> nodes.Node:  # noqa: N802
        if node.ctx == "load" and node.name in self._constants:
            return nodes.Const(self._constants[node.name])
        return node


class _PageCode(CodeGenerator):
    """Writes templates as Python that escapes by ``escaped``, and reads and calls things without a look at them."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write(f"environment.escaped({finalize.src or ''}")

    @optimizeconst
    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        """Call functions and macros as they are: none of ours wants the context, which Jinja looks for at each call."""
        self.write("(")
        self.visit(node.node, frame)
        self.write(")(")
        code, self.stream = self.stream, StringIO()
        self.signature(node, frame, {"caller": "caller"} if forward_caller else None)
        arguments, self.stream = self.stream.getvalue(), code
        self.write(arguments.removeprefix(", ") + ")")  # Jinja writes arguments as those that follow another

    def _import_common(self, node: nodes.Import | nodes.FromImport, frame: Frame) -> None:
        """Import the macros that were made once: Jinja would compare the names of all globals each time."""
        self.write("environment.macros_of(")
        self.visit(node.template, frame)
        self.write(")")

    @optimizeconst
    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        """Read attributes as Python does: what ours read are objects, never dicts whose keys look like attributes."""
        self.write("(")
        self.visit(node.node, frame)
        self.write(f").{node.attr}")


class PageEnvironment(Environment):
    """Where Jinja keeps the pages' templates, those of each language apart: a page has a hundred words of ours.

    What is the same in all of them is a constant of the templates; and as they need no more than constants and globals,
    the macros that they import are made once, not anew for each page.
    """

    code_generator_class = _PageCode
    escaped = staticmethod(escaped)
    constants: Mapping[str, object]
    _macros: dict[str, TemplateModule]

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return what all templates know, as one dict: Jinja's chain of them is walked name by name for each page."""
        return {**self.globals, **(d or {})}

    def macros_of(self, name: str) -> TemplateModule:
        """Return the macros of a template."""
        if name not in self._macros:
            self._macros[name] = self.get_template(name).module
        return self._macros[name]

    @classmethod
    def of(cls, environment: Environment) -> PageEnvironment:
        """Return an environment for the language and the path of the answer that is made now."""
        made = cast("PageEnvironment", environment.overlay())
        made.globals = {**environment.globals, **for_templates()}
        made._macros = {}
        made.constants = {
            "root": root(),
            "lang": language(),
            "zh": chinese(),
            "program": environment.globals["program"],
        }
        return made

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Read a template; it is first asked for by a page of this environment's language."""
        parsed: nodes.Template = _Spoken(self.constants).visit(super()._parse(source, name, filename))
        return parsed


def install(app: Flask) -> None:
    """Teach the app's templates the filters above."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        breaking=breaking,
        figure=figure,
        marked_span=marked_span,
        said=said,
        unbroken=unbroken,
        safe_url=safe_url,
        shortened=shortened,
    )
    app.extensions[_ENVIRONMENTS] = {}
    _read_templates_now(app.jinja_env)


def _read_templates_now(environment: Environment) -> None:
    """Read all templates: where a new version is being put in place, this process must not meet those of that."""
    if loader := environment.loader:
        environment.loader = DictLoader(
            {name: loader.get_source(environment, name)[0] for name in environment.list_templates()}
        )
