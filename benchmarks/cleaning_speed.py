"""Speed of the cleaner, as ratios within one run.

    python benchmarks/cleaning_speed.py

Prints MB/s of UTF-8 on pages made of invented sentences, and for hostile pages how the time grows when the page becomes
five times as long: about 5 is linear, 25 would be quadratic.
"""

from __future__ import annotations

import random
import re
import time

from kakuyaku.cleaning import Page, clean, clean_many

WORDS = re.findall("..", "甲国乙国丙国首相外相港湾海軍鉄道融資任務協定停戦会談兵士物資予算議会国境約束支援警備訓練")
ENDS = ["と述べた。", "を決めた。", "に反対した。", "を検討している。", "と約束した。", "を求めた。"]
MESS = [
    "ホーム > 国際",
    "関連記事",
    "  • 港の歴史",
    "アクセスランキング",
    "  • 1",
    "    橋の名前",
    "URLをコピーしました",
    "",
]
HOSTILE = {
    "one line": lambda n: "あ" * n,
    "empty lines": lambda n: "\n" * n,
    "ideographic spaces": lambda n: "　" * n,
    "one-character lines": lambda n: "あ\n" * (n // 2),
    "list items": lambda n: "  • 1\n" * (n // 6),
    "zone headings": lambda n: "ランキング\n" * (n // 6),
    "sentence marks": lambda n: "、。" * (n // 2),
    "doubled lines": lambda n: ("あ" * 30 + "\n") * (n // 31),
}


def page(rng: random.Random) -> str:
    """A page of about 3.5 KB: navigation, twelve paragraphs, related links; no two sentences alike."""

    def sentence() -> str:
        return "".join(rng.choices(WORDS, k=12)) + "は、" + "".join(rng.choices(WORDS, k=8)) + rng.choice(ENDS)

    body = [sentence() + sentence() for _ in range(10)]
    return "\n".join([*rng.choices(MESS, k=10), sentence()[:30], "", *body, *rng.choices(MESS, k=20)])


def seconds(text: str) -> float:
    began = time.process_time()
    clean(text)
    return time.process_time() - began


def main() -> None:
    rng = random.Random(1)
    pages = [Page(str(i), text=page(rng)) for i in range(3000)]
    size = sum(len(str(p.text).encode()) for p in pages) / 1e6
    began = time.process_time()
    for _ in clean_many(pages):
        pass
    took = time.process_time() - began
    print(
        f"{len(pages):,} pages, {size:.1f} MB in batches: "
        f"{size / took:.1f} MB/s, {took / len(pages) * 1000:.2f} ms a page"
    )
    began = time.process_time()
    for one in pages[:200]:
        clean(one.text)
    print(f"one page at a time: {(time.process_time() - began) / 200 * 1000:.2f} ms")
    for name, make in HOSTILE.items():
        short, long = seconds(make(400_000)), seconds(make(2_000_000))
        print(
            f"{name:<20} 5 times the length, {long / max(short, 1e-9):4.1f} times the time "
            f"({long:.2f} s for 2 M characters)"
        )


if __name__ == "__main__":
    main()
