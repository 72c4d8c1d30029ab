# Two commands to know: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
PYTHON ?= python3.11
ifeq (,$(shell command -v $(PYTHON) 2>/dev/null))
PYTHON := python3
endif
BIN := .venv/bin
FLASK := $(BIN)/flask --app wsgi
export HAILONG_ENV ?= development
export DATA_DIR ?= data
# How many tests run at once, and which; `make test TESTS=tests/unit JOBS=0` for one folder in one process.
JOBS ?= auto
TESTS ?= --ignore=tests/drills tests

.PHONY: help install run test check bench drill sbom advisories lock messages clean

help: ## Liệt kê các lệnh
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.venv/run.stamp: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/dev.stamp: .venv/run.stamp requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

translations/en/LC_MESSAGES/messages.mo: translations/en/LC_MESSAGES/messages.po .venv/run.stamp
	$(BIN)/pybabel --quiet compile -d translations

install: .venv/run.stamp translations/en/LC_MESSAGES/messages.mo ## Cài đặt thư viện và bản dịch, không nạp dữ liệu

run: install ## Cài đặt, nạp dữ liệu minh họa và chạy tại http://127.0.0.1:8000
	$(FLASK) db upgrade
	$(FLASK) import reference
	$(FLASK) demo
	$(FLASK) serve

test: .venv/dev.stamp translations/en/LC_MESSAGES/messages.mo ## Chạy mọi phép thử; thứ gì máy thiếu thì bỏ qua và nêu tên
	HAILONG_ENV=test $(BIN)/python -m pytest -rs -n $(JOBS) $(TESTS)

check: .venv/dev.stamp ## Định dạng, kiểu, hướng phụ thuộc
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: .venv/dev.stamp ## Đo tốc độ và dung lượng, in tỷ số
	$(BIN)/python -m bench

drill: .venv/dev.stamp ## Các phép thử dài và các cuộc tấn công ở quy mô đầy đủ, mỗi cuộc in một dòng số liệu
	HAILONG_ENV=test DRILL=whole $(BIN)/python -m pytest -rs tests/drills tests/attacks

sbom: .venv/dev.stamp ## Danh mục phần mềm (CycloneDX) của những gì chạy trên máy chủ, ghi vào out/sbom.json
	@mkdir -p out
	$(BIN)/cyclonedx-py requirements requirements.txt --pyproject pyproject.toml --mc-type application --output-reproducible --of JSON -o out/sbom.json
	@echo "out/sbom.json"

advisories: .venv/dev.stamp ## Hỏi các lỗ hổng đã biết của thư viện đã ghim; không có mạng thì bỏ qua và nói rõ
	@PATH="$(CURDIR)/$(BIN):$$PATH" .ci/advisories

lock: ## Ghim lại các thư viện
	@# The first file is the constraint of the second, and a constraint may name no extras; the second must.
	$(BIN)/pip-compile --quiet --generate-hashes --strip-extras requirements.in -o requirements.txt
	$(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --no-strip-extras requirements-dev.in -o requirements-dev.txt

messages: .venv/run.stamp ## Gom các câu chữ để dịch
	$(BIN)/pybabel --quiet extract -F babel.cfg --no-location --sort-output -o /tmp/messages.pot .
	$(BIN)/pybabel --quiet update -i /tmp/messages.pot -d translations -l en --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date

clean: ## Xóa môi trường và dữ liệu sinh ra
	rm -rf .venv data out .hypothesis .mypy_cache .ruff_cache
