"""The handbook: nothing dead, nothing left out, nothing a rule's author could smuggle in."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from eco_rules import Corpus, bundled_rulesets, load_rulesets
from eco_rules.ir.nodes import ATOM_KINDS, Node, Ref, walk
from eco_rules.ir.render import Renderer
from eco_rules.model.legal import PROVENANCE_ORDER
from eco_rules.reporting.handbook import site
from eco_rules.reporting.handbook.alphabet import bare, sound
from eco_rules.reporting.handbook.book import Book
from eco_rules.reporting.handbook.drawing import Drawing, measure, wrap
from eco_rules.reporting.handbook.prose import Prose
from eco_rules.reporting.handbook.selection import select
from eco_rules.reporting.handbook.site import css_string, handbook
from eco_rules.reporting.handbook.wording import words

_VOID = {"meta", "link", "br", "col"}


class Page(HTMLParser):
    """What a browser would make of a page: ids, links, elements, attributes, text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        found = dict(attrs)
        self.ids += [found["id"]] if found.get("id") else []
        self.links += [found["href"]] if found.get("href") else []
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(made: dict[str, str]) -> dict[str, Page]:
    return {name: Page(text) for name, text in made.items() if name.endswith(".html")}


def dead_links(made: dict[str, str]) -> list[tuple[str, str]]:
    pages = read(made)
    dead = []
    for name, page in pages.items():
        for link in page.links:
            if link.startswith("data:"):
                continue
            file, _, part = link.partition("#")
            target = file or name
            if target not in made or (part and part not in pages[target].ids):
                dead.append((name, link))
    return dead


@pytest.fixture(scope="module")
def made(corpus: Corpus) -> dict[str, str]:
    return handbook(corpus, "zh")


@pytest.fixture(scope="module")
def pages(made: dict[str, str]) -> dict[str, Page]:
    return read(made)


def test_no_link_is_dead_and_no_id_is_used_twice(made: dict[str, str], pages: dict[str, Page]) -> None:
    assert dead_links(made) == []
    assert [name for name, page in pages.items() if len(page.ids) != len(set(page.ids))] == []
    assert sum(len(page.links) for page in pages.values()) > 10_000
    for page in pages.values():  # works from file://: nothing is fetched from anywhere else
        assert not [link for link in page.links if ":" in link and not link.startswith("data:")]
        assert "script" not in page.tags


def test_every_rule_condition_clause_fact_and_place_is_there(corpus: Corpus, pages: dict[str, Page]) -> None:
    for file in corpus.rulesets:
        page = pages[f"ruleset.{file.stamp.id}.html"]
        for ident in [*file.ruleset.conditions, *(rule.id for rule in file.ruleset.rules)]:
            assert f"part-{ident}" in page.ids
        for items in file.ruleset.sides.values():
            assert {f"side-{item.id}" for item in items} <= set(page.ids)
    for instrument in corpus.instruments.values():
        assert {f"clause-{key}" for key in instrument.clauses} <= set(pages[f"instrument.{instrument.id}.html"].ids)
    for subject in corpus.subjects.values():
        assert {f"fact-{name}" for name in subject.facts} <= set(pages[f"facts.{subject.id}.html"].ids)
    assert set(corpus.matters) == {name.split(".")[1] for name in pages if name.startswith("matter.")}


def test_every_page_can_be_reached_from_the_index(made: dict[str, str], pages: dict[str, Page]) -> None:
    seen, todo = {"index.html"}, ["index.html"]
    while todo:
        for link in pages[todo.pop()].links:
            name = link.partition("#")[0]
            if name in pages and name not in seen:
                seen.add(name)
                todo.append(name)
    assert seen == set(pages)


def test_a_rule_is_told_with_what_bars_it_its_clauses_and_its_line(pages: dict[str, Page]) -> None:
    text = pages["ruleset.cn-44.minor-violation@2022-01-01.html"].text
    start = text.index("大气污染物轻微超标 air-exceedance")
    card = re.sub(r"\s+", "", text[start : text.index("air-facility-failure", start)])
    assert "应当不予行政处罚已核原文" in card
    assert "适用于违法行为类型是“超过大气污染物排放标准”" in card
    assert "以下各项均成立：" in card
    assert "超标倍数小于0.1倍" in card
    assert "但是属于下列情形的除外：生态环境敏感区内的违法行为" in card
    assert "由下列规则取代：大气污染物轻微超标（广东省江门市）" in card
    assert "《广东省生态环境行政处罚自由裁量权规定》（粤环发〔2021〕7号）附件2第8项" in card
    assert re.search(r"cn-44/minor-violation/2022-01-01/items\.yaml:\d+", card)


def test_a_catalogue_section_is_a_table_of_entries_and_tiers(made: dict[str, str]) -> None:
    page = made["ruleset.cn.eia-classification.26-rubber-plastics@2021-01-01.html"]
    table = page[
        page.index('<table class="decision outcome">') : page.index("</table>", page.index("decision outcome"))
    ]
    head = re.sub(r"<[^>]+>", " ", table[: table.index("</thead>")]).split()
    assert head == ["名录项目类别", "报告书", "报告表"]
    rubber = table[table.index('id="row-52"') : table.index('id="row-53"')]
    assert "轮胎" in rubber
    assert "其余全部" in rubber  # the second tier takes what the first has not taken
    assert "其余全部" not in table[table.index('id="row-53"') :]


def test_rules_that_ask_the_same_stand_in_columns(made: dict[str, str]) -> None:
    page = made["ruleset.cn-44.minor-violation@2022-01-01.html"]
    table = page[page.index('<table class="decision fact">') :]
    head = table[: table.index("</thead>")]
    assert "近一年内首次违法" in head
    row = table[table.index('id="row-registration-form"') :]
    cells = [
        re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td.*?</td>", row[: row.index("</tr>")], re.S)
    ]
    assert cells == ["是", "是", "", "", "", "应当不予行政处罚"]


@pytest.mark.parametrize(
    ("limit", "side", "counts"),
    [
        ("0.1 倍", "以下 &lt;", "不含：恰为 0.1 倍 的不成立"),
        ("5", "以上 ≥", "含：恰为 5 的成立"),
        ("20 日", "以下 ≤", "含：恰为 20 日 的成立"),
        ("2026-08-15", "以前 &lt;", "不含：恰为 2026-08-15 的不成立"),
    ],
)
def test_a_threshold_says_its_side_and_whether_it_counts(
    made: dict[str, str], limit: str, side: str, counts: str
) -> None:
    page = made["ruleset.cn-44.minor-violation@2022-01-01.html"]
    rows = page[page.index('<table class="boundaries">') :].split("<tr>")
    assert [row for row in rows if f">{limit}<" in row and f">{side}<" in row and counts in row]


def test_the_law_changes_on_the_day_of_the_code(made: dict[str, str]) -> None:
    page = made["matter.minor-violation.html"]
    row = page[page.index('<td class="nowrap">2026-08-15</td>') :]
    row = row[: row.index("</tr>")]
    begins, ended = row.split("</td>")[1:3]
    assert "《中华人民共和国生态环境法典》" in begins
    assert "《中华人民共和国水污染防治法》" in ended


def test_stages_of_a_large_matter_are_drawn_not_its_rules(made: dict[str, str]) -> None:
    page = made["matter.eia-classification.html"]
    picture = page[page.index("<svg") : page.index("</svg>")]
    assert "从严：报告书" in picture
    assert picture.count("<rect") < 12
    assert "重建，非官方条文" not in picture


def test_only_what_is_chosen(corpus: Corpus) -> None:
    some = handbook(corpus, "zh", ("minor-violation",), "44", date(2026, 8, 15))
    assert dead_links(some) == []
    rulesets = [name for name in some if name.startswith("ruleset.")]
    assert rulesets
    assert all(name.startswith(("ruleset.cn.minor", "ruleset.cn-44.minor")) for name in rulesets)
    penalties = some["ruleset.cn.minor-violation.penalties@2021-07-15.html"]
    assert 'id="part-filing-code"' in penalties
    assert 'id="part-filing-old"' not in penalties  # its law was repealed that day
    assert "江门" not in some["ruleset.cn-44.minor-violation@2022-01-01.html"]
    assert "只列 2026-08-15 在效的规则" in some["index.html"]


def test_nothing_chosen_that_exists_is_still_a_book(corpus: Corpus) -> None:
    none = handbook(corpus, "zh", ("minor-violation",), "44", date(1990, 1, 1))
    assert dead_links(none) == []


def test_the_same_rules_give_the_same_bytes(corpus: Corpus, made: dict[str, str]) -> None:
    assert handbook(corpus, "zh") == made


def test_english_words_around_chinese_law(corpus: Corpus) -> None:
    chinese = re.compile(r"[\u4e00-\u9fff]+")
    law = {"应当", "可以", "以上", "以下"}
    assert {word for text in words("en").values() for word in chinese.findall(text)} <= law
    page = Page(handbook(corpus, "en", ("inspection-mode",))["matter.inspection-mode.html"])
    assert "How rules combine" in page.text
    assert "检查方式" in page.text


_BOTH = re.compile("，且(?=不?[大小]于|不?[早晚]于)")


def leaves(prose: Prose) -> list[str]:
    return [text for item in prose.items for text in leaves(item)] if prose.items else [prose.text]


def test_a_list_says_what_the_sentence_of_show_says(corpus: Corpus) -> None:
    """Every line of every rule's conditions stands in the sentence `eco-rules show` reads, and none is missing."""
    book = Book(select(corpus), "zh")
    checked = 0
    for file in corpus.rulesets:
        lowered = book.shelf.of(file)
        titles = {index: title for title, index in lowered.stack.names.values()}
        renderer, teller = Renderer(lowered.stack, corpus.matters, titles), book.teller(lowered)
        for rule in file.ruleset.rules:
            node = lowered.when(rule)
            if node is None:
                continue
            sentence, told = renderer.sentence(node), leaves(teller.tell(node))
            atoms = sum(isinstance(part, ATOM_KINDS) or _named(part, titles) for part in walk(node))
            assert sum(len(_BOTH.findall(line)) + 1 for line in told) == atoms, rule.id
            for line in told:
                first = _BOTH.split(line)[0]
                assert first in sentence or "的结论" in first, (rule.id, first, sentence)
            checked += len(told)
    assert checked > 500


def _named(node: Node, titles: dict[int, str]) -> bool:
    return isinstance(node, Ref) and node.index in titles


def test_what_is_turned_round_is_told_turned_round(tmp_path: Path) -> None:
    when = "{not: {all: [{size: {lt: 5}}, {kind: a}, {not: {any: [{size: {gt: 9}}, {not: {kind: b}}]}}]}}"
    made = handbook(load_rulesets(_files(tmp_path, "甲", when)), "zh")
    page = made["ruleset.cn.m@2020-01-01.html"]
    card = page[page.index('id="part-r"') :]
    lines = re.findall(r"<li>(.*?)</li>", card[: card.index("</dd>", card.index("<dt>条件"))].split("<dt>条件")[1])
    assert "以下任何一项成立：" in card
    assert [re.sub("<.*?>", "", line) for line in lines] == [
        "甲不小于5 甲",
        "甲不是“甲”",
        "甲大于9 甲",
        "甲不是“乙”",
    ]
    row = next(row for row in page.split("<tr>") if ">5 甲<" in row and "以上 ≥" in row)
    assert "含：恰为 5 甲 的成立" in row


def test_a_clause_says_when_it_is_in_force_where_that_is_not_all_the_time(made: dict[str, str]) -> None:
    page = made["ruleset.cn.minor-violation.general@2021-07-15.html"]
    card = page[page.index('id="part-minor-corrected-harmless"') :]
    lines = re.findall(r"<li><span class=\"cite\">.*?</li>", card[: card.index("</article>")], re.S)
    assert [re.findall(r'class="span">(.*?)<', line) for line in lines] == [
        [], ["2010-03-01 至 2023-06-30"], ["2023-07-01 起"], ["2026-08-15 起"]
    ]  # fmt: skip


def test_a_derived_fact_says_from_what_and_how(pages: dict[str, Page], made: dict[str, str]) -> None:
    page = made["facts.case.html"]
    entry = page[page.index('id="fact-prior_same_kind"') : page.index('id="fact-first_within"')]
    derived = entry[entry.index("推导自") : entry.index("</pre>")]
    assert re.findall('href="#fact-(.*?)"', derived) == ["prior_violations", "violated_clause", "act_from"]
    assert derived.split("<pre>")[1].startswith("count:\n  of: prior_violations\n")
    entry = page[page.index('id="fact-latest_discovery"') :]
    assert "<pre>{earlier: [discovered_at, decision_date]}</pre>" in entry[: entry.index("</article>")]


def test_a_rule_stands_at_the_level_it_has_on_the_day(corpus: Corpus) -> None:
    """A rule that rests on a law and on a rule of a ministry falls to that level once the law is gone."""
    file = next(file for file in corpus.rulesets if file.ruleset.id == "cn.minor-violation.general")
    instruments = dict(corpus.instruments)
    ended = instruments["penalty-law"].effective.model_copy(update={"end": date(2022, 1, 1)})
    instruments["penalty-law"] = instruments["penalty-law"].model_copy(update={"effective": ended})
    changed = replace(corpus, instruments=instruments)
    ranks = {}
    for day in (None, date(2022, 6, 1)):
        codes = Book(select(changed, ("minor-violation",), day=day), "zh").codes(file)
        ranks[day] = next(code.standing.rank for code in codes if code.id.endswith("/minor-corrected-harmless"))
    assert ranks[None] < ranks[date(2022, 6, 1)]


def test_a_value_set_locally_is_the_value_shown_and_said_to_be_so(tmp_path: Path) -> None:
    local = "format: 1\nparameters: {cn-44.minor-violation: {ratio_limit: {value: 0.2, source: 某局〔2026〕1号}}}\n"
    (tmp_path / "parameters.yaml").write_text(local, encoding="utf-8")
    made = handbook(bundled_rulesets(tmp_path), "zh", ("minor-violation",))
    assert "恰为 0.2 倍 的不成立" in made["ruleset.cn-44.minor-violation@2022-01-01.html"]
    assert "cn-44.minor-violation/$ratio_limit0.10.2某局〔2026〕1号" in Page(made["index.html"]).text


def test_every_word_is_used() -> None:
    folder = Path(site.__file__).parent
    text = "".join(
        path.read_text(encoding="utf-8") for path in [*folder.glob("templates/*.html"), *folder.glob("*.py")]
    )
    spoken = set(re.findall(r"""says?(?:\.|\[["'])(\w+)""", text)) | {"materials", "duties", "notices"}
    assert set(words("zh")) - spoken - {f"{kind}_means" for kind in PROVENANCE_ORDER} == set()


HOSTILE = '<script>alert(1)</script>"onload="x\'</style><img src=x onerror=y>{{ 7*7 }}'


def _files(folder: Path, text: str, when: str = "{all: [{holds: c}, {size: {ge: $p}}]}") -> Path:
    """A corpus in which every text an author writes is `text`, and its first rule asks for `when`."""
    quoted = "'" + text.replace("'", "''") + "'"
    written = {
        "_levels.yaml": f"format: 1\nlevels:\n  law: {{label: {quoted}, rank: 10}}\n",
        "_places.yaml": "format: 1\nplaces: {'36': 江西省}\n",
        "_units.yaml": "format: 1\nnames: {}\n",
        "_facts/thing.yaml": f"""
format: 1
subject: thing
label: {quoted}
facts:
  size: {{label: {quoted}, type: number, unit: {quoted}, question: {quoted}, note: {quoted}}}
  twice: {{label: {quoted}, type: number, derive: {{times: [size, 2]}}, note: {quoted}}}
  kind: {{label: {quoted}, type: enum, question: {quoted}, values: {{a: {quoted}, b: 乙}}}}
""",
        "_matters/m.yaml": f"""
format: 1
id: m
label: {quoted}
subject: thing
question: {quoted}
outcomes: {{yes_: {quoted}, no_: {quoted}}}
""".replace("yes_", "good").replace("no_", "bad"),
        "_instruments/i.yaml": f"""
format: 1
id: i
title: {quoted}
doc_no: {quoted}
issuer: {quoted}
level: law
effective: {{from: 2020-01-01}}
provenance: reconstruction
note: {quoted}
clauses: {{one: {{locator: {quoted}, text: {quoted}, sources: [{quoted}]}}}}
""",
        "cn/m/2020-01-01.yaml": f"""
format: 1
id: cn.m
title: {quoted}
matter: m
jurisdiction: cn
effective: {{from: 2020-01-01}}
complete: true
note: {quoted}
parameters: {{p: {{value: 3, label: {quoted}, unit: {quoted}, source: {quoted}, note: {quoted}}}}}
conditions: {{c: {{title: {quoted}, when: {{size: {{lt: 5}}}}}}}}
rules:
  - {{id: r, title: {quoted}, cites: [i#one], applies: {{kind: a}}, when: {when}, then: {{outcome: good}}, note: {quoted}}}
  - {{id: s, title: {quoted}, cites: [i#one], applies: {{kind: a}}, unless: [c], then: {{outcome: bad}}}}
obligations: [{{id: d, label: {quoted}, cites: [i#one], due_text: {quoted}, note: {quoted}}}]
warnings: [{{id: w, message: {quoted}}}]
""",
    }
    for name, content in written.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


def test_what_an_author_writes_stays_text(tmp_path: Path) -> None:
    made = handbook(load_rulesets(_files(tmp_path, HOSTILE)), "zh")
    assert dead_links(made) == []
    for name, page in read(made).items():
        assert not {"script", "img"} & page.tags, name
        assert not [item for item in page.attributes if item.startswith("on")], name
        assert "{{ 7*7 }}" in page.text, name
        assert "49" not in page.text, name
    assert HOSTILE in Page(made["matter.m.html"]).text


def test_a_text_in_a_style_sheet_cannot_end_it() -> None:
    assert css_string('规则"}</style>\n') == "规则\\22 \\7d \\3c \\2f style\\3e \\a "


def test_lines_fit_and_never_begin_with_a_stop() -> None:
    lines = wrap("生态环境敏感区内的违法行为，不予处罚。", 60)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert all(measure(line) <= 60 + measure("，") for line in lines)
    assert wrap("甲乙丙丁，", measure("甲乙丙丁")) == ["甲乙丙丁，"]


def test_a_picture_is_as_high_as_what_is_in_it() -> None:
    drawing = Drawing("<a&b>")
    drawing.box(0, 100, 50, ["x"], "rule", "#<")
    svg = str(drawing.svg())
    assert 'aria-label="&lt;a&amp;b&gt;"' in svg
    assert 'href="#&lt;"' in svg
    height = float(re.search(r'viewBox="0 0 660 ([\d.]+)"', svg)[1])  # type: ignore[index]
    assert height > 100


@pytest.mark.parametrize(
    ("label", "kept"),
    [("第53项 塑料制品业292", "塑料制品业292"), ("塑料 制品", "塑料 制品"), ("第53项", "第53项")],
)
def test_a_number_in_front_is_not_looked_up(label: str, kept: str) -> None:
    assert bare(label) == kept


def test_words_sort_as_they_sound() -> None:
    assert sorted(["重新审核", "安全", "重量"], key=sound) == ["安全", "重新审核", "重量"]  # chong, zhong
