"""Imports run one way, and `import kakuyaku` is light."""

from __future__ import annotations

import ast
import subprocess
import sys

from tests.conftest import REPOSITORY

SOURCE = REPOSITORY / "src" / "kakuyaku"
# Low to high: a module imports only from earlier lines (within a line: from its left).
LAYERS = """
versions
findings
files journal locks transactions decoding markdown parquet
records fast_validation foreign
contract
project
names bylines placed_names dates authorship articles
cleaning.characters cleaning.compiled cleaning.lexicon cleaning.rules cleaning.encoding cleaning.markup cleaning.tags cleaning.html_lines
cleaning.line_features cleaning.json_ld cleaning.structured_data cleaning.site_names cleaning.titles cleaning.authors
cleaning.metadata cleaning.html cleaning.page
cleaning.text_lines cleaning.measures cleaning.units cleaning.prose cleaning.layout cleaning.surroundings cleaning.survey cleaning.features cleaning.model
cleaning.zones cleaning.kinds cleaning.judge cleaning.line_keys cleaning.copies cleaning.repetition cleaning.spooling cleaning.batch cleaning
sentences duplicates
seeds splits
annotation annotation.standoff annotation.actors annotation.resolving annotation.guideline
annotation.label_config
annotation.rules.case annotation.rules.spans annotation.rules.mentions annotation.rules.statements
annotation.rules.relations annotation.rules.values annotation.rules
annotation.drafts annotation.room annotation.reanchoring annotation.store
agreement agreement.matching agreement.reliability agreement.disagreements agreement.comparing
agreement.figures agreement.agreeing
dataset dataset.quoting dataset.statements dataset.conflicts dataset.positions dataset.mentions dataset.layers
dataset.tables dataset.card_tables dataset.card dataset.row_checks dataset.published dataset.checks dataset.publish dataset.loading
studio studio.installing studio.server studio.connection studio.controls studio.conversion studio.instructions studio.seen
studio.judging studio.pushing studio.pulling studio.status studio.adjudicating studio.ruling
adding pages
places checks syncing rendering
commands.console commands.add commands.adjudicate commands.agree commands.anchor commands.build commands.check commands.clean
commands.explain commands.reanchor commands.studio commands.sync commands
cli __main__
""".split()  # noqa: SIM905 (a table to read)


def modules() -> dict[str, set[str]]:
    """Each module with the modules of the package that it imports, wherever in its text."""
    found = {}
    for path in SOURCE.rglob("*.py"):
        name = ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix("__init__").rstrip(".")
        imports: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("kakuyaku."):
                imports.add(str(node.module).removeprefix("kakuyaku."))
        if name:
            found[name] = imports
    return found


def test_every_module_has_its_layer() -> None:
    assert sorted(modules()) == sorted(LAYERS)


def test_imports_run_one_way() -> None:
    wrong = [
        f"{name} imports {other}"
        for name, others in modules().items()
        for other in others
        if LAYERS.index(other) >= LAYERS.index(name)
    ]
    assert not wrong


def test_import_is_light() -> None:
    code = "import sys, kakuyaku; print(*[m for m in ('pyarrow', 'pandas', 'datasets', 'numba', 'numpy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
