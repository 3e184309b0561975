"""The generator that does not wait, and how edits and answers are compared."""

import socketserver
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from bench.fresh import edit_shown, judge, mark_of
from bench.open_loop import Answer, request, response, run

CLOSES_AFTER = 3


class Handler(BaseHTTPRequestHandler):
    """Answers with the path; every third answer of a connection is its last."""

    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        self.answered = 0

    def do_GET(self) -> None:
        self.answered += 1
        body = self.path.encode() * 2000
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        if self.answered == CLOSES_AFTER:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        pass


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 64


@pytest.fixture
def port() -> Iterator[int]:
    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def test_every_request_is_answered_and_due_when_it_should_be(port):
    messages = [request("/a"), request("/b")]
    answers = run(port, messages, rate=1000, seconds=0.1, connections=4, keep=lambda body: body[:2])
    due = sorted(answer.due for answer in answers)
    assert len(answers) == 100
    assert [due[n] - due[0] for n in range(100)] == pytest.approx([n / 1000 for n in range(100)], abs=1e-6)
    assert sorted(answer.body for answer in answers) == [b"/a"] * 50 + [b"/b"] * 50
    assert all(answer.due <= answer.sent <= answer.received for answer in answers)
    assert {answer.status for answer in answers} == {200}


def test_it_stops_when_an_answer_is_enough(port):
    answers = run(port, [request("/a")], rate=1000, seconds=30, connections=2, enough=lambda _answer: True)
    assert 1 <= len(answers) < 100


@pytest.mark.parametrize("end", range(1, 50))
def test_answer_that_is_not_whole_is_none(end):
    whole = b"HTTP/1.1 404 Not Found\r\nContent-length: 5\r\n\r\nhello"
    assert response(whole) == (404, b"hello", True)
    assert response(whole[:end]) is None


def test_answer_that_closes_the_connection():
    assert response(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n") == (200, b"", False)


def answer(sent: float, received: float, edit: int, status: int = 200) -> Answer:
    return Answer(sent, sent, received, status, mark_of(f"<p>Edit {edit:06d}.</p>".encode() if edit else b"<p></p>"))


def test_mark_of_a_page():
    assert edit_shown(b"<p>Edit 000012.</p>") == 12
    assert edit_shown(b"<p></p>") == 0


def test_delay_counts_from_the_commit_to_the_first_answer_that_shows_it():
    edits = [(1, 9.9, 10.0), (2, 19.9, 20.0)]
    answers = [answer(9.0, 9.1, 0), answer(10.1, 10.25, 1), answer(19.95, 20.1, 1), answer(20.2, 20.5, 2)]
    found = judge(edits, answers)
    assert found.delays == pytest.approx([0.25, 0.5])
    assert (found.stale, found.answers) == (0, 4)


def test_old_text_asked_for_after_the_commit_is_stale():
    answers = [answer(10.5, 10.6, 0), answer(9.5, 10.6, 0), answer(11.0, 11.1, 1)]
    found = judge([(1, 9.9, 10.0)], answers)
    assert (found.stale, found.delays) == (1, pytest.approx([1.1]))


def test_an_edit_that_was_overtaken_counts_with_the_later_one():
    assert judge([(1, 0.9, 1.0), (2, 1.9, 2.0)], [answer(2.5, 3.0, 2)]).delays == [2.0, 1.0]


def test_edits_may_begin_at_any_number():
    """A page that shows an edit of before is stale like any other."""
    answers = [answer(0.5, 0.6, 60), answer(1.5, 1.6, 60), answer(2.0, 2.1, 61)]
    found = judge([(61, 0.9, 1.0)], answers)
    assert (found.stale, found.delays) == (1, pytest.approx([1.1]))


def test_edit_that_nobody_sees_is_an_error():
    with pytest.raises(RuntimeError, match="edit 2"):
        judge([(1, 0, 1), (2, 2, 3)], [answer(4, 5, 1)])


def test_error_answers_are_an_error():
    with pytest.raises(RuntimeError, match="503"):
        judge([], [answer(1, 2, 0, status=503)])
