"""XML and YAML of others: nothing in them is obeyed, and nothing crashes or hangs."""

from __future__ import annotations

import time
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kakuyaku.checks import check
from kakuyaku.dataset.card import NO_CITATION, Citation
from kakuyaku.dataset.publish import read_citation
from kakuyaku.findings import Failure
from kakuyaku.foreign import parse_xml, parse_yaml
from kakuyaku.project import Project
from tests.conftest import REPOSITORY

LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12))
BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 12))


def code_of(read: Any, data: bytes) -> str:
    began = time.process_time()
    with pytest.raises(Failure) as failure:
        read(data, "x")
    assert time.process_time() - began < 2
    return failure.value.findings[0].code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "XML001"),
        ('<!doctype a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "XML001"),
        (f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a>&l11;</a>', "XML001"),
        ("<a>\n<!-- no -->\n<! ENTITY x>\n</a>", "XML001"),
        ("<a>&x;</a>", "XML002"), ("<a>", "XML002"), ("<a/><b/>", "XML002"), ("plain", "XML002"),
        ("<a>" * 100_000 + "</a>" * 100_000, "XML002"), ("", "RAW001"), ("<a>\x1b</a>", "CTL001"),
    ],
    ids=range(11),
)  # fmt: skip
def test_hostile_xml(text: str, code: str) -> None:
    assert code_of(parse_xml, text.encode()) == code


def test_xml_in_other_encodings_hides_nothing() -> None:
    for encoding in ("utf-16", "utf-32", "utf-16-le"):
        assert code_of(parse_xml, '<!DOCTYPE a [<!ENTITY x "海の">]><a>&x;</a>'.encode(encoding)) in (
            "ENC001",
            "CTL001",
            "ENC002",
        )
    declared = '<?xml version="1.0" encoding="utf-7"?><a>+ADwAIQ-DOCTYPE</a>'
    assert parse_xml(declared.encode(), "x").text == "+ADwAIQ-DOCTYPE"


def test_our_own_configuration_is_harmless() -> None:
    assert parse_xml((REPOSITORY / "annotation/label_config.xml").read_bytes(), "x").tag == "View"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("!!python/object/apply:os.system [id]", "YML001"), ("a: !!timestamp 2025-02-03", "YML001"),
        (BOMB, "YML003"), ("a: &a [*a]", "YML003"), ("a: 1\nb:\n  c: 1\n  c: 2\n", "YML002"),
        ("[" * 50_000, "YML001"), ("- " * 5_000 + "a", "YML001"), ("a: [", "YML001"), ("? [a]\n: 1", "YML001"),
        ("a: 1\n---\nb: 2\n", "YML001"), ("a: @b", "YML001"), ("%YAML 9.9\n---\na", "YML001"), (" ", "RAW001"),
    ],
    ids=range(13),
)  # fmt: skip
def test_hostile_yaml(text: str, code: str) -> None:
    assert code_of(parse_yaml, text.encode()) == code


def test_yaml_is_text_alone() -> None:
    text = "country: no\nversion: 1.10\ntime: 12:34:56\nday: 2025-02-30\nnothing:\nlist: [yes, 甲, 0x1F]\n"
    assert parse_yaml(text.encode(), "x") == {
        "country": "no", "version": "1.10", "time": "12:34:56", "day": "2025-02-30", "nothing": "", "list": ["yes", "甲", "0x1F"],
    }  # fmt: skip


strings = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)


@given(st.recursive(strings, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(strings, inner, max_size=3)))
def test_what_a_safe_writer_writes_is_read_back(value: Any) -> None:
    quoted = yaml.dump(value, default_style='"', allow_unicode=True, Dumper=NoAliases, sort_keys=False)
    if isinstance(value, str) and not value:
        return  # an empty document is no text to decode
    assert parse_yaml(quoted.encode(), "x") == value


class NoAliases(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


@given(st.binary(max_size=60))
def test_no_bytes_crash_either_parser(data: bytes) -> None:
    for read in (parse_xml, parse_yaml):
        try:
            read(data, "x")
        except Failure as failure:
            assert failure.findings


@pytest.mark.parametrize(
    "text", ["[]", "plain", "authors: me", "authors: [me]", "keywords: {a: b}\ntitle: [x]", "version: {a: 1}",
             "keywords: [[a]]", 'date-released: "yesterday"'],
)  # fmt: skip
def test_a_malformed_citation_is_a_finding(project: Project, text: str) -> None:
    project.citation.write_text(text, "utf-8")
    found = check(project.root)
    assert [(finding.code, finding.path.endswith("CITATION.cff")) for finding in found] == [("CFF001", True)]


def test_a_citation_is_read_and_may_lack(project: Project) -> None:
    assert read_citation(project) == NO_CITATION
    project.citation.write_text("title: 港\nauthors:\n  - family-names: 甲\n    given-names: 乙\n", "utf-8")
    assert read_citation(project) == Citation("港", "0.0.0", "", "乙 甲", "", ())
    assert check(project.citation) == []


def test_a_hostile_label_configuration_is_found_with_the_project(project: Project) -> None:
    (project.annotation / "label_config.xml").write_text('<!DOCTYPE a SYSTEM "http://a.example/"><a/>', "utf-8")
    assert [finding.code for finding in check(project.root)] == ["XML001"]
