"""Markdown becomes HTML that holds nothing but what a visitor may see, and plain text that holds no HTML at all."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from generator import markup

ALLOWED = frozenset(
    {"a", "blockquote", "br", "code", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s", "strong"}
    | {"table", "tbody", "td", "th", "thead", "tr", "ul"}
)
ATTRIBUTES = frozenset(
    {("a", "href"), ("a", "title"), ("code", "class"), ("ol", "start"), ("td", "style"), ("th", "style")}
)


class Seen(HTMLParser):
    """Collects the tags, attributes and link targets of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.targets: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.add(tag)
        self.attributes |= {(tag, name) for name, _ in attrs}
        self.targets += [value or "" for name, value in attrs if name == "href"]


@pytest.mark.parametrize(
    ("written", "html"),
    [
        ("**bold** and *italic*", "<p><strong>bold</strong> and <em>italic</em></p>\n"),
        ("1\n\n2", "<p>1</p>\n<p>2</p>\n"),
        ("`<b>`", "<p><code>&lt;b&gt;</code></p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("2. a", '<ol start="2">\n<li>a</li>\n</ol>\n'),
        ('[x](https://x.example/?a=1&b=2 "T")', '<p><a href="https://x.example/?a=1&amp;b=2" title="T">x</a></p>\n'),
        ("[x](mailto:a@x.example)", '<p><a href="mailto:a@x.example">x</a></p>\n'),
        ("[x](tel:+41440000000)", '<p><a href="tel:+41440000000">x</a></p>\n'),
        ("<https://x.example>", '<p><a href="https://x.example">https://x.example</a></p>\n'),
        ("https://x.example", "<p>https://x.example</p>\n"),
        ('"so" -- (c)', "<p>&quot;so&quot; -- (c)</p>\n"),
        ("1 < 2 & 3 > 2", "<p>1 &lt; 2 &amp; 3 &gt; 2</p>\n"),
        ("a  \nb", "<p>a<br>\nb</p>\n"),
    ],
)
def test_html(written: str, html: str) -> None:
    """CommonMark is rendered as it is written; nothing is made prettier, no address becomes a link by itself."""
    assert markup.render(written) == html


def test_an_aligned_table_has_no_inline_style() -> None:
    """A column that is aligned brings no style into the page."""
    seen = Seen(markup.render("| a |\n| ---: |\n| 1 |"))

    assert "style" not in {name for _, name in seen.attributes}


def test_a_table() -> None:
    """Tables are read."""
    seen = Seen(markup.render("| a | b |\n| --- | --- |\n| 1 | 2 |"))

    assert {"table", "thead", "tbody", "th", "td"} <= seen.tags


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("# x", "h3"),
        ("## x", "h3"),
        ("### x", "h4"),
        ("#### x", "h5"),
        ("##### x", "h6"),
        ("###### x", "h6"),
        ("x\n=", "h3"),
    ],
)
def test_headings_start_below_the_pages_own(written: str, tag: str) -> None:
    """The first two levels of headings become the third, and so on; none is deeper than the sixth."""
    assert markup.render(written) == f"<{tag}>x</{tag}>\n"


def test_only_markup_is_marked_as_safe() -> None:
    """What comes out is `Markup`, so that templates need no `safe`; plain text is not."""
    assert isinstance(markup.render("x"), Markup)
    assert not isinstance(markup.plain("x"), Markup)


@pytest.mark.parametrize(
    "written",
    [
        "<b>x</b>",
        "<script>alert(1)</script>",
        "<!-- x -->",
        "<div>\n\nx\n\n</div>",
        "a<br>b",
        "<img src=x onerror=alert(1)>",
        "<?php ?>",
        "<![CDATA[x]]>",
    ],
)
def test_raw_html_is_shown_as_text_and_reported(written: str) -> None:
    """Raw HTML comes out as the text it is, and is a fault."""
    seen = Seen(markup.render(written))

    assert seen.tags <= {"p"}
    assert {fault.code for fault in markup.faults(written)} == {"raw-html"}


@pytest.mark.parametrize(
    "written",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html,1)",
        "[x](vbscript:1)",
        "[x](file:///etc/passwd)",
        "[x](ftp://x.example)",
        "<javascript:alert(1)>",
        "[x]\n\n[x]: javascript:alert(1)",
        "[x][y]\n\n[y]: <javascript:alert(1)>",
    ],
)
def test_a_link_with_another_scheme_is_not_made_and_reported(written: str) -> None:
    """A link leads to https, http, mailto or tel, else it stays text, and is a fault."""
    seen = Seen(markup.render(written))

    assert "a" not in seen.tags
    assert {fault.code for fault in markup.faults(written)} == {"unsafe-link"}


@pytest.mark.parametrize("written", ["![x](https://x.example/x.png)", "![x][y]\n\n[y]: https://x.example/x.png"])
def test_pictures_are_not_shown_and_reported(written: str) -> None:
    """A page asks nobody else for anything, so a picture is a fault."""
    seen = Seen(markup.render(written))

    assert "img" not in seen.tags
    assert {fault.code for fault in markup.faults(written)} == {"image"}


@pytest.mark.parametrize(
    "written",
    [
        "plain",
        "a < b",
        "x<y",
        "`<b>`",
        "```\n<script>\n```",
        r"\<b>",
        "&lt;b&gt;",
        "[x](https://x.example)",
        "[x](#below)",
        "5 ]( 6",
    ],
)
def test_what_is_shown_as_meant_is_no_fault(written: str) -> None:
    """Angle brackets in code, or that begin no tag, and ordinary links are no faults."""
    assert markup.faults(written) == ()


def test_a_fault_says_what_it_is_and_what_helps() -> None:
    """A fault quotes the beginning of what it is about."""
    (fault,) = markup.faults("<marquee>")

    assert fault == markup.Fault(
        code="raw-html", message="raw HTML is not allowed: <marquee>", hint="write it in Markdown, or in `…`", line=1
    )


def test_a_fault_that_comes_twice_is_said_once() -> None:
    """The same mistake several times over is one fault."""
    assert len(markup.faults("a<br>b<br>c<br>")) == 1


def test_a_fault_says_its_line() -> None:
    """A fault says the line of the text that it stands in, within a paragraph too."""
    text = "# Title\n\nFine,\nstill fine,\n<b> [here](/a)\n\n- fine\n- ![not](https://example.ch/)\n"

    found = [(fault.line, fault.code) for fault in markup.faults(text)]

    assert found == [(5, "raw-html"), (5, "relative-link"), (8, "image")]


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("**bold** `code` *it*", "bold code it"),
        ("# Title\n\ntext", "Title\n\ntext"),
        ("one\ntwo\n\nthree", "one two\n\nthree"),
        ("see [the guide](https://x.example/a)", "see the guide (https://x.example/a)"),
        ("- a\n- b\n\n  c\n\nd", "- a\n- b\n  c\n\nd"),
        ("- a\n  - b\n\n> 3. c\n> 4. d", "- a\n  - b\n\n3. c\n4. d"),
        ("| a | b |\n| --- | --- |\n| 1 | 2 |", "a | b\n1 | 2"),
        ("- one\n\n  ```\n  x\n  y\n  ```", "- one\n  x\n  y"),
        ("```\nx  y\n```", "x  y"),
        ("a &amp; b", "a & b"),
        ("<b>", "<b>"),
        ("", ""),
    ],
)
def test_plain(written: str, plain: str) -> None:
    """Plain text keeps the words, where links lead, and the marks of lists and tables, with paragraphs apart."""
    assert markup.plain(written) == plain


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("<https://x.example>", "https://x.example"),
        ("[https://x.example](https://x.example)", "https://x.example"),
        ("[a@x.example](mailto:a@x.example)", "a@x.example"),
    ],
)
def test_plain_does_not_repeat_an_address(written: str, plain: str) -> None:
    """A link whose words are its address is said once."""
    assert markup.plain(written) == plain


hostile = st.text(alphabet=st.sampled_from(list("<>[]()!&;:#\"'`*_-=|\\/ \n\tabjJsx1")), max_size=60)


@given(st.one_of(hostile, st.text(max_size=80)))
def test_nothing_but_known_tags_comes_out(text: str) -> None:
    """Whatever is written, only the tags of Markdown come out, and links only to allowed targets."""
    seen = Seen(markup.render(text))

    assert seen.tags <= ALLOWED
    assert seen.attributes <= ATTRIBUTES
    assert [target for target in seen.targets if target.lower().startswith(("javascript:", "data:", "vbscript:"))] == []


@given(st.one_of(hostile, st.text(max_size=80)))
def test_faults_never_break(text: str) -> None:
    """Any text can be judged, and the judgement names documented codes."""
    assert {fault.code for fault in markup.faults(text)} <= {"raw-html", "relative-link", "unsafe-link", "image"}
