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
        self.has_come = False
        self.open()
        self.listener = socket.create_server(("127.0.0.1", 0))
        user = parts.netloc.rpartition("@")[0]
        self.url = parts._replace(netloc=f"{user}@127.0.0.1:{self.listener.getsockname()[1]}").geturl()
        test.addCleanup(self.listener.close)
        threading.Thread(target=self._accept, daemon=True).start()

    def open(self, last=0, delivers=False, strike=None):
        """Counts anew. Message number `last`, or the first that holds the bytes `last`, is the last one: `strike` is
        called, and the connection closed, before it, or after it when it `delivers`. Returns whether the last message
        of the count before has come, whose strike may still be under way."""
        with self.lock:
            has_come, self.has_come = self.has_come, False
            self.passed, self.last, self.delivers, self.strike = 0, last, delivers, strike
            return has_come

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

    def _at_last(self, data):
        """What to do at the last message, and whether behind it; None for every other."""
        with self.lock:
            self.passed += 1
            if not (self.last in data if isinstance(self.last, bytes) else self.passed == self.last):
                return None
            self.last, self.has_come = 0, True
            return self.strike, self.delivers

    def _pass(self, source, target, counted):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if counted and (last := self._at_last(data)):
                    strike, delivers = last
                    if delivers:
                        target.sendall(data)
                    strike()
                    break
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
