# make を打つと、できることの一覧が出ます。GNU make 3.81（macOS のもの）でも動きます。
PYTHON = .venv/bin/python
export PYTHONUTF8 = 1
.DEFAULT_GOAL = help
.PHONY: help run dev test soak lint format bench lock

help: ## この一覧
	@echo "make run      ポータルを始める（初めてのときは、環境・データベース・計画の登録も）"
	@echo "              PORT=8001 番号を変える  SAMPLE=0 見本を入れない  PORTAL_SAMPLE_PASSWORD=… 見本のアカウントのパスワード"
	@echo "make dev      作る人のための起動（DEBUG、書きかえるとすぐ変わる）"
	@echo "make test     すべての試験（例：make test ARGS='tests/kizuna -k linkage'）"
	@echo "make soak     故障の試験（tests/faults）を、10倍の回数で（長くかかります）"
	@echo "make lint     書き方・型・テンプレート・マイグレーション・部品の一覧の検査"
	@echo "make format   書き方を整える"
	@echo "make bench    速さを測り、bench/RESULTS.md に書く（8分。ARGS=--quick で、ためしに少しだけ）"
	@echo "make lock     部品の一覧（uv.lock と requirements.txt）を作り直す（uv が要る）"

run:
	@sh deploy/environment.sh runtime "make run" && exec $(PYTHON) manage.py start

dev:
	@sh deploy/environment.sh tests "make dev" && PORTAL_DEBUG=1 exec $(PYTHON) manage.py start --dev

test:
	@sh deploy/environment.sh tests "make test" && exec sh tests/run.sh $(ARGS)

soak:
	@sh deploy/environment.sh tests "make soak" && SOAK=1 exec sh tests/run.sh tests/faults $(ARGS)

lint:
	@sh deploy/environment.sh tests "make lint" && exec sh tests/lint.sh

format:
	@sh deploy/environment.sh tests "make format" && $(PYTHON) -m ruff check --fix . && $(PYTHON) -m ruff format .

bench:
	@sh deploy/environment.sh tests "make bench" && exec $(PYTHON) -m bench $(ARGS)

lock:
	@UV_PYTHON_DOWNLOADS=never uv lock && sh deploy/requirements.sh write
