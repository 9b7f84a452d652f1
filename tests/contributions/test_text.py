"""Strangers' text: cleaned on its way in, safe and quick on its way out."""

import re
import unicodedata
from collections.abc import Callable

import pytest
from django.template import Context, Template
from hypothesis import example, given
from hypothesis import settings as given_settings
from hypothesis import strategies as st

from contributions.forms import LONGEST_INPUT, LineField, TextField
from contributions.text import clean_line, clean_text, markdown_to_html, markdown_to_text
from tests.timing import least_seconds

#: What a browser would act upon: an element or attribute that no text may bring.
_TAG = re.compile(r"<\s*/?\s*([a-zA-Z!?][^\s/>]*)([^>]*)>")
_ATTRIBUTE = re.compile(r"""([a-zA-Z:_-]+)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)""")
ALLOWED_TAGS = {
    "p", "br", "strong", "em", "s", "ul", "ol", "li", "blockquote", "code", "pre", "a", "hr",
    "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


def dangers(html: str) -> list[str]:
    """Return what in a piece of HTML goes beyond plain text, safe links and headings."""
    found = []
    for name, rest in _TAG.findall(html):
        if name.lower() not in ALLOWED_TAGS:
            found.append(name)
        for attribute, value in _ATTRIBUTE.findall(rest):
            # Without a scheme a link leads to this very site.
            scheme = re.match(r"""["']?\s*([a-z][a-z0-9+.-]*):""", value, re.IGNORECASE)
            if attribute == "href" and (
                scheme is None or scheme[1] in {"http", "https", "mailto", "tel"}
            ):
                continue
            if attribute not in {"rel", "title"}:
                found.append(f"{attribute}={value}")
    return found


PAYLOADS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    '"><img src=x onerror=alert(1)>',
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)>",
    "<embed src=//evil.example/x.swf>",
    "<base href=//evil.example/>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<style>*{background:url(//evil.example)}</style>",
    "<form action=//evil.example><input name=password></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='https://good.example' onclick=alert(1)>x</a>",
    "<p style='position:fixed;inset:0'>x</p>",
    "<p hx-get='/nl/account/uitloggen/' hx-trigger='load'>x</p>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><script>alert(1)</script-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php system('id') ?>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](  javascript:alert(1))",
    "[x](javascript&#58;alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](data:image/svg+xml;base64,PHN2Zz4=)",
    "[x](data:image/png;base64,iVBORw0KGgo=)",
    "[x](file:///etc/passwd)",
    "[x](blob:https://evil.example/1)",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    "[x]: javascript:alert(1)\n\n[x]",
    "[x]: <javascript:alert(1)> 'title'\n\n[x][x]",
    '[x](https://a.example "onmouseover=alert(1)")',
    "[x](https://a.example '\"><script>alert(1)</script>')",
    '[x](https://a.example/"onmouseover="alert(1))',
    "[<img src=x onerror=alert(1)>](https://a.example)",
    "![x](https://evil.example/pixel.gif)",
    "![x](javascript:alert(1))",
    '![x" onerror="alert(1)](https://a.example/x.png)',
    "[![x](https://evil.example/p.gif)](https://a.example)",
    "# <script>alert(1)</script>",
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    '```" onmouseover="alert(1)\nx\n```',
    "    <script>alert(1)</script>",
    "> <script>alert(1)</script>",
    "| <script>alert(1)</script> |\n|---|\n| <img src=x onerror=alert(1)> |",
    "|a|\n|:-:|\n|b|",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\\<script>alert(1)\\</script>",
    "<a\nhref\n=\njavascript:alert(1)>x</a>",
    "<ScRiPt\n>alert(1)</ScRiPt\n>",
    "<img src=`x` onerror=`alert(1)`>",
    "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
    "\x00<script\x00>alert(1)</script>",
    "＜script＞alert(1)＜/script＞",
]


class TestSafety:
    @pytest.mark.parametrize("shift", [0, 2])
    @pytest.mark.parametrize("payload", PAYLOADS)
    def test_no_script_or_foreign_element_comes_through(self, payload: str, shift: int):
        assert dangers(markdown_to_html(payload, heading_shift=shift)) == []

    @pytest.mark.parametrize("payload", PAYLOADS)
    def test_the_words_of_a_text_are_escaped_where_they_stand_in_a_page(self, payload: str):
        page = Template("{% load contribution_text %}<p>{{ text|plain }}</p>{{ text|markdown }}")

        html = page.render(Context({"text": payload}))

        assert dangers(html) == []

    @given(
        st.text(alphabet=st.sampled_from("<>\"'`=/\\()[]!#*_&;:| \n\tonscriptjavadm1\x00\u202e"))
    )
    @example('<script>alert("x")</script>')
    @given_settings(max_examples=150, deadline=None)
    def test_nothing_that_anybody_types_becomes_a_script(self, text: str):
        html = markdown_to_html(text)

        assert "<script" not in html.lower()
        assert dangers(html) == []

    def test_the_measure_finds_what_it_should(self):
        assert dangers("<script>x</script>") == ["script", "script"]
        assert dangers('<a href="javascript:x">') == ['href="javascript:x"']
        assert dangers("<p onclick='x'>") == ["onclick='x'"]
        assert dangers('<a href="https://a.example" rel="nofollow" title="x">') == []

    def test_html_in_a_text_is_shown_as_it_was_typed(self):
        assert "&lt;b&gt;bold&lt;/b&gt;" in markdown_to_html("<b>bold</b>")

    def test_a_picture_from_elsewhere_is_never_fetched(self):
        html = markdown_to_html("![a cat](https://evil.example/pixel.gif)")

        assert "<img" not in html
        assert "a cat" in html

    @pytest.mark.parametrize(
        "link",
        ["https://a.example/x?y=1", "http://a.example", "mailto:a@b.example", "tel:112"],
    )
    def test_ordinary_links_work_and_are_marked_as_a_strangers(self, link: str):
        html = markdown_to_html(f"[see here]({link})")

        assert f'href="{link}"' in html
        assert 'rel="nofollow ugc noopener noreferrer"' in html


class TestMarks:
    @pytest.mark.parametrize("level", range(1, 7))
    def test_headings_of_a_text_stand_below_those_of_its_page(self, level: int):
        shown = min(6, level + 2)

        assert markdown_to_html(f"{'#' * level} Plan") == f"<h{shown}>Plan</h{shown}>\n"

    def test_headings_of_a_page_start_below_its_title(self):
        html = markdown_to_html("# One\n\n## Two\n\n### Three", heading_shift=0)

        assert re.findall(r"<h\d>\w+", html) == ["<h2>One", "<h2>Two", "<h3>Three"]

    def test_underlined_headings_are_moved_too(self):
        assert markdown_to_html("Plan\n====") == "<h3>Plan</h3>\n"

    def test_lines_stay_lines_and_marks_become_what_they_mean(self):
        assert markdown_to_html("one\ntwo") == "<p>one<br>\ntwo</p>\n"
        assert markdown_to_html("**now** or *never*") == (
            "<p><strong>now</strong> or <em>never</em></p>\n"
        )
        assert "<li>bench</li>" in markdown_to_html("- bench\n- light")

    def test_the_words_alone_are_left_for_excerpts(self):
        text = "# Plan\n\nA **bench** [here](https://a.example)\non the `square`\n\n- one\n- two"

        assert markdown_to_text(text) == "Plan A bench here on the square one two"

    def test_the_words_of_a_block_of_code_are_words_too(self):
        assert markdown_to_text("```\nbench\n```") == "bench"

    def test_an_empty_text_is_empty(self):
        assert markdown_to_html("") == ""
        assert markdown_to_text("") == ""


class TestCleaning:
    @pytest.mark.parametrize("mark", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    def test_marks_that_turn_the_reading_direction_are_taken_out(self, mark: str):
        assert clean_text(f"safe{mark}exe.jpg") == "safeexe.jpg"
        assert clean_line(f"safe{mark}exe.jpg") == "safeexe.jpg"

    def test_what_arabic_and_emoji_need_stays(self):
        for text in ("مرحبا\u200fabc", "می\u200cخواهم", "👩\u200d👧", "é", "ș", "ѝ"):
            assert clean_text(text) == text

    @pytest.mark.parametrize("code", [*range(9), *range(11, 13), *range(14, 32), *range(127, 160)])
    def test_control_characters_are_taken_out(self, code: int):
        assert clean_text(f"a{chr(code)}b") == "ab"

    def test_half_characters_are_taken_out(self):
        assert clean_text("a\ud800b") == "ab"

    def test_all_kinds_of_line_ends_become_one(self):
        assert clean_text("a\r\nb\rc\nd\te") == "a\nb\nc\nd\te"

    def test_a_line_is_one_line(self):
        assert clean_line("  a \r\n\tb\u2028c\u00a0d ") == "a b c d"

    def test_letters_are_stored_in_one_spelling(self):
        assert clean_text("e\u0301") == "\u00e9"
        assert unicodedata.is_normalized("NFC", clean_text("Đ" + "\u0323\u0302" + "\u1100\u1161"))

    def test_a_tower_of_marks_on_a_letter_is_cut(self):
        tower = clean_text("a" + "\u0336" * 500 + "b")

        assert len(tower) == 32
        assert tower.startswith("a")
        assert tower.endswith("b")

    @given(st.text())
    @given_settings(max_examples=100, deadline=None)
    def test_cleaning_twice_changes_nothing_more(self, text: str):
        once = clean_text(text)

        assert clean_text(once) == once
        assert clean_line(clean_line(text)) == clean_line(text)

    def test_the_fields_of_forms_clean_what_they_get(self):
        assert LineField(max_length=20).clean(" a\x00\n\u202eb ") == "a b"
        assert TextField(max_length=20).clean("a\r\nb\x07") == "a\nb"

    @pytest.mark.parametrize("field", [LineField, TextField])
    def test_a_field_that_only_got_control_characters_is_empty(self, field: type[LineField]):
        assert field(required=False).clean("\x07\u202e\x00") == ""

    @pytest.mark.parametrize("field", [LineField, TextField])
    def test_ten_megabytes_are_refused_without_looking_at_each_character(
        self, field: type[LineField], monkeypatch: pytest.MonkeyPatch
    ):
        def never(_text: str) -> str:
            raise AssertionError("It was looked at")

        monkeypatch.setattr("contributions.forms.clean_line", never)
        monkeypatch.setattr("contributions.forms.clean_text", never)
        form_field = field(max_length=8000)

        with pytest.raises(Exception, match="8000"):
            form_field.clean("x" * 10_000_000)


def growth_of_work(function: Callable[[str], str], piece: str, length: int) -> float:
    """Return how many times the work of a quarter of a text the whole text takes.

    In step with the text it is four, by the square of its length sixteen. What takes less than
    five milliseconds counts as that: a clock says nothing about less.
    """
    least = 0.005
    quarter = least_seconds(lambda: function(piece * (length // 4 // len(piece))))
    whole = least_seconds(lambda: function(piece * (length // len(piece))))
    return max(whole, least) / max(quarter, least)


class TestSpeed:
    """A text takes time in step with its length, never by its square."""

    @pytest.mark.parametrize("piece", ["[", "![", "*", ">", "`"])
    def test_a_hundred_kilobytes_of_one_mark_take_no_long_time(self, piece: str):
        assert growth_of_work(markdown_to_html, piece, 100_000) < 8

    @pytest.mark.parametrize(
        "piece",
        [
            "[[]", "[a](", "[a](<b", "]", "* ", "**a ", "*_", "_a", "~~a", "> ", "> - ", "- ",
            "1. ", "` ", "<", "<!--", "<a ", "&", "&#x", "\\", "\\[", "#", "\n", ">\n", "---\n",
            "a\n", "\t", '[a](b "', "[a]: b\n", "((", "http://", "a|b\n-|-\n",
        ],
    )  # fmt: skip
    def test_a_long_row_of_other_marks_takes_no_long_time(self, piece: str):
        assert growth_of_work(markdown_to_html, piece, 30_000) < 8

    def test_the_words_of_a_long_row_of_brackets_are_found_as_quickly(self):
        assert growth_of_work(markdown_to_text, "[", 100_000) < 8

    def test_ever_longer_rows_of_backticks_take_no_long_time(self):
        text = "".join("`" * length + " " for length in range(1, 440))

        assert least_seconds(lambda: markdown_to_html(text)) < 2

    @pytest.mark.parametrize("piece", ["\u0301\u0327", "a\u0327\u0301", "\u0300", "\u202e", "\x00"])
    def test_cleaning_a_long_row_of_marks_takes_no_long_time(self, piece: str):
        assert growth_of_work(lambda marks: clean_text("a" + marks), piece, LONGEST_INPUT) < 8
