"""A door before a database server, which shuts in the middle of what a client sends."""
import contextlib
import socket
import threading
import urllib.parse


class Door:
    """Lets connections through to the server of `url`, and counts what clients send."""

    def __init__(self, test, url):
        parts = urllib.parse.urlsplit(url)
        self.server = (parts.hostname, parts.port)
        self.lock = threading.Lock()
        self.open()
        self.listener = socket.create_server(("127.0.0.1", 0))
        user = parts.netloc.rpartition("@")[0]
        self.url = parts._replace(netloc=f"{user}@127.0.0.1:{self.listener.getsockname()[1]}").geturl()
        test.addCleanup(self.listener.close)
        threading.Thread(target=self._accept, daemon=True).start()

    def open(self, last=0, delivers=False, strike=None):
        """Counts anew. Message number `last`, or the first that holds the bytes `last`, is the last one: `strike` is
        called, and the connection closed, before it, or after it when it `delivers`."""
        with self.lock:
            self.passed, self.last, self.delivers, self.strike = 0, last, delivers, strike

    def _accept(self):
        with contextlib.suppress(OSError):  # when it is closed
            while True:
                client = self.listener.accept()[0]
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with client, contextlib.suppress(OSError), socket.create_connection(self.server) as server:
            for end in (client, server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            answers = threading.Thread(target=self._pass, args=(server, client, False), daemon=True)
            answers.start()
            self._pass(client, server, True)
            answers.join()

    def _is_last(self, data):
        with self.lock:
            self.passed += 1
            is_last = self.last in data if isinstance(self.last, bytes) else self.passed == self.last
            if is_last:
                self.last = 0
            return is_last

    def _pass(self, source, target, counted):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if counted and self._is_last(data):
                    if self.delivers:
                        target.sendall(data)
                    self.strike()
                    break
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
