# Everything runs in $(VENV), made from requirements-dev.lock (versions and hashes). `make help` lists the targets.
# Paths are relative and quoted: the folder's own name may hold blanks or Japanese characters.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

VENV ?= .venv
LOCK := requirements-dev.lock
BENCH_VENV := .venv-bench
BENCH_LOCK := benchmarks/requirements.lock
AUDIT_VENV ?= .venv-audit
AUDIT_LOCK := requirements-audit.lock
# The round trip through Label Studio is tested in an environment of its own: the SDK brings older packages along. The
# server gets a third one, made by the program itself, in .studio/.
STUDIO_VENV ?= .venv-studio
STUDIO_LOCK := requirements-studio.lock
SERVER_LOCK := src/kakuyaku/studio/label-studio.lock
BIN = $(VENV)/bin

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# The files and folder names are UTF-8, whatever the locale.
export PYTHONUTF8 := 1
ifneq ($(shell locale charmap 2>/dev/null), UTF-8)
export LC_ALL := C.UTF-8
endif

# The first Python that runs, is in range and can make a virtual environment (a name on the PATH may not run).
GOOD_PYTHON := import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))
ifeq ($(origin PYTHON), undefined)
PYTHON := $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	if "$$p" -c '$(GOOD_PYTHON)' >/dev/null 2>&1; then echo "$$p"; break; fi; done)
endif

.PHONY: help setup dataset test test-studio check reliability benchmark wheel-test sbom audit audit-setup lock clean distclean

help: ## List the targets
	@echo 'Targets:'
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  \1:\2/p' Makefile | awk -F: '{ printf "%-12s %s\n", $$1, $$2 }'
	@echo 'Variables:'
	@echo '  VENV=folder     the virtual environment (now: $(VENV))'
	@echo '  PYTHON=program  the Python to make it with, 3.11 to 3.13 (now: $(if $(PYTHON),$(PYTHON),none found))'

# The lock is complete, so pip resolves nothing (--no-deps): its resolver fails on some spellings of extras.
# Two stamps inside the environment say what it was made from. The first changes with the lock, the environment's
# place (scripts hold absolute paths) or its Python, and the environment is then made anew; the second changes
# with the package's metadata, and only the project is then installed again.
setup: ## Make the environment from the lock, if missing or out of date
	@set -eu; \
	venv='$(VENV)'; python='$(PYTHON)'; \
	fail() { echo "make: $$*" >&2; exit 1; }; \
	key() { printf '%s\n' "$$(cksum <'$(LOCK)')" "$$(cd "$$venv" && pwd -P)" "$$("$$venv/bin/python" -V 2>&1)"; }; \
	if [ ! -e "$$venv/.lock-stamp" ] || [ "$$(key 2>/dev/null)" != "$$(cat "$$venv/.lock-stamp")" ]; then \
		[ -n "$$python" ] || fail 'no Python 3.11, 3.12 or 3.13 found that runs and has venv; name one: make PYTHON=...'; \
		"$$python" -c '$(GOOD_PYTHON)' 2>/dev/null \
			|| fail "$$python does not run, is not Python 3.11, 3.12 or 3.13, or has no venv; name another: make PYTHON=..."; \
		if [ -e "$$venv" ] && [ ! -e "$$venv/pyvenv.cfg" ] && [ -n "$$(ls -A "$$venv")" ]; then \
			fail "$$venv exists and is not a virtual environment"; \
		fi; \
		echo "Making $$venv with $$("$$python" -V) from $(LOCK) ..."; \
		rm -f "$$venv/.lock-stamp" "$$venv/.project-stamp"; \
		"$$python" -m venv --clear "$$venv"; \
		"$$venv/bin/python" -m pip install -qq --no-deps --require-hashes -r '$(LOCK)'; \
		key >"$$venv/.lock-stamp"; \
	fi; \
	project="$$(cat pyproject.toml src/kakuyaku/__init__.py | cksum)"; \
	if [ "$$project" != "$$(cat "$$venv/.project-stamp" 2>/dev/null)" ]; then \
		echo "Installing kakuyaku itself into $$venv ..."; \
		"$$venv/bin/python" -m pip install -qq --no-deps --no-build-isolation --editable .; \
		echo "$$project" >"$$venv/.project-stamp"; \
	fi

dataset: setup ## Build the dataset
	"$(BIN)/kakuyaku" build

test: setup ## Run the tests
	"$(BIN)/python" -m pytest

test-studio: ## Test the round trip through a real Label Studio and Chromium (installs the server, about 1 GB)
	@$(MAKE) setup VENV='$(STUDIO_VENV)' LOCK='$(STUDIO_LOCK)'
	@set -eu; \
	export XDG_DATA_HOME="$(CURDIR)/.studio/data" XDG_CACHE_HOME="$(CURDIR)/.studio/cache"; \
	"$(STUDIO_VENV)/bin/python" -m pytest tests/studio || { \
		echo 'make: a browser on a busy machine is not always on time; what failed is tried once more'; \
		"$(STUDIO_VENV)/bin/python" -m pytest tests/studio --last-failed --last-failed-no-failures none; \
	}

check: setup ## Lint, types, the data and the citation file
	"$(BIN)/ruff" check
	"$(BIN)/ruff" format --check
	"$(BIN)/mypy"
	"$(BIN)/kakuyaku" check
	"$(BIN)/kakuyaku" build --check
	"$(BIN)/kakuyaku" agree --check
	"$(BIN)/check-jsonschema" --builtin-schema vendor.citation-file-format CITATION.cff

reliability: setup ## Try bad inputs, kills, disk faults, environments and histories, and print the figures
	"$(BIN)/python" -m tests.reliability

benchmark: ## Compare with other tools, in an environment of its own: make benchmark PAGES=pages.jsonl
	@$(MAKE) setup VENV='$(BENCH_VENV)' LOCK='$(BENCH_LOCK)'
	"$(BENCH_VENV)/bin/python" -m benchmarks.speed
	"$(BENCH_VENV)/bin/python" -m benchmarks.peers --out build/benchmark $(if $(PAGES),'$(PAGES)')

# From the source distribution, as a user would get it: without the dev extra, in the lock's versions, away from here.
wheel-test: setup ## Build the wheel and try it in a new environment
	@set -eu; \
	tmp="$$(mktemp -d)"; trap 'rm -rf "$$tmp"' EXIT; trap 'exit 1' HUP INT TERM; \
	echo 'Building the source distribution, and the wheel from it ...'; \
	"$(BIN)/python" -m build --no-isolation --outdir "$$tmp/dist" . >"$$tmp/build.log" 2>&1 \
		|| { cat "$$tmp/build.log" >&2; exit 1; }; \
	"$(BIN)/python" -m tarfile -l "$$tmp"/dist/*.tar.gz >"$$tmp/sdist.txt"; \
	if grep -E '^[^/]*/(seeds|annotation|dataset)/' "$$tmp/sdist.txt"; then \
		echo 'make: the source distribution holds article texts' >&2; exit 1; \
	fi; \
	"$(BIN)/python" -m zipfile -l "$$tmp"/dist/*.whl >"$$tmp/wheel.txt"; \
	for schema in $$(find schemas -type f -name '*.json'); do \
		grep -q "^kakuyaku/$$schema " "$$tmp/wheel.txt" \
			|| { echo "make: the wheel lacks $$schema" >&2; exit 1; }; \
	done; \
	echo 'Installing the wheel into a new environment ...'; \
	"$(BIN)/python" -m venv "$$tmp/venv"; \
	sed -n 's/^\([^ #][^\\]*[^\\ ]\) *\\*$$/\1/p' '$(LOCK)' >"$$tmp/constraints.txt"; \
	"$$tmp/venv/bin/python" -m pip install -qq --constraint "$$tmp/constraints.txt" "$$tmp"/dist/*.whl; \
	"$$tmp/venv/bin/python" -m pip check; \
	cd "$$tmp"; \
	printf '%s\n\n%s\n' '「安全の保証」をめぐる協議' \
		'日本政府は10日、ウクライナに対する「安全の保証」について協議した。会合は来月も開かれる。' >article.txt; \
	venv/bin/kakuyaku --version; \
	venv/bin/kakuyaku clean article.txt >clean.txt; \
	grep -q '安全の保証' clean.txt || { echo 'make: kakuyaku clean lost the text' >&2; exit 1; }; \
	cat clean.txt; \
	echo 'The wheel works.'

# The tools that look at the dependencies have dependencies of their own: they get an environment and a lock apart.
audit-setup:
	@set -eu; \
	stamp="$$(cksum <'$(AUDIT_LOCK)')"; \
	if [ "$$stamp" != "$$(cat '$(AUDIT_VENV)/.lock-stamp' 2>/dev/null)" ]; then \
		[ -n '$(PYTHON)' ] || { echo 'make: no Python 3.11, 3.12 or 3.13 found; name one: make PYTHON=...' >&2; exit 1; }; \
		echo 'Making $(AUDIT_VENV) from $(AUDIT_LOCK) ...'; \
		'$(PYTHON)' -m venv --clear '$(AUDIT_VENV)'; \
		'$(AUDIT_VENV)/bin/python' -m pip install -qq --require-hashes -r '$(AUDIT_LOCK)'; \
		echo "$$stamp" >'$(AUDIT_VENV)/.lock-stamp'; \
	fi

sbom: audit-setup ## Write build/sbom.cdx.json: every locked dependency, as CycloneDX
	@mkdir -p build
	@PYTHONWARNINGS=ignore::UserWarning '$(AUDIT_VENV)/bin/cyclonedx-py' requirements --pyproject pyproject.toml \
		--mc-type library --output-reproducible --output-file build/sbom.cdx.json '$(LOCK)'
	@echo "build/sbom.cdx.json: $$(grep -c '"purl"' build/sbom.cdx.json) components"

audit: audit-setup ## Ask for known vulnerabilities of every locked dependency (needs the network)
	@'$(AUDIT_VENV)/bin/python' .ci/audit.py '$(LOCK)'

lock: ## Resolve the locks anew, for Python 3.11 to 3.13
	@set -eu; \
	tmp="$$(mktemp -d)"; trap 'rm -rf "$$tmp"' EXIT; trap 'exit 1' HUP INT TERM; \
	'$(PYTHON)' -c '$(GOOD_PYTHON)' || { echo 'make: no usable Python 3.11, 3.12 or 3.13' >&2; exit 1; }; \
	'$(PYTHON)' -m venv "$$tmp/venv"; \
	"$$tmp/venv/bin/python" -m pip install -qq uv; \
	resolve() { \
		lock="$$1"; shift; \
		"$$tmp/venv/bin/uv" pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
			--no-header --no-annotate --no-emit-index-url --no-emit-find-links --output-file "$$lock" "$$@"; \
		if grep -n '://' "$$lock"; then echo "make: $$lock holds an address" >&2; exit 1; fi; \
		echo "$$lock: $$(grep -c '==' "$$lock") versions"; \
	}; \
	printf 'cyclonedx-bom\npip-audit\n' >"$$tmp/audit.in"; \
	sed -n 's/^SERVER_VERSION = "\(.*\)".*/label-studio==\1/p' src/kakuyaku/studio/installing.py >"$$tmp/server.in"; \
	resolve '$(LOCK)' --extra dev pyproject.toml; \
	resolve '$(BENCH_LOCK)' --extra html benchmarks/requirements.in pyproject.toml; \
	resolve '$(AUDIT_LOCK)' "$$tmp/audit.in"; \
	resolve '$(STUDIO_LOCK)' --extra dev --extra annotate --extra browser pyproject.toml; \
	resolve '$(SERVER_LOCK)' "$$tmp/server.in"

clean: ## Remove caches and built packages
	rm -rf build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache .coverage htmlcov
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## The same, and the environments
	@for venv in '$(VENV)' '$(BENCH_VENV)' '$(AUDIT_VENV)' '$(STUDIO_VENV)'; do \
		if [ -e "$$venv" ] && [ ! -e "$$venv/pyvenv.cfg" ]; then \
			echo "make: $$venv is not a virtual environment" >&2; exit 1; \
		fi; \
	done
	rm -rf '$(VENV)' '$(BENCH_VENV)' '$(AUDIT_VENV)' '$(STUDIO_VENV)' .studio
