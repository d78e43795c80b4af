"""A receiver of webhooks on loopback that keeps what is posted to it.

usage: receiver.py

Prints its port first, then a line for each post. /taken answers 204, /later 503 once and then 204,
/gone 410, /moved leads to /taken. The n-th post is the files post.n (its body) and post.n.head.
"""

from http.server import BaseHTTPRequestHandler, HTTPServer

busy = {"/later"}
posts = 0


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        global posts
        posts += 1
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with open(f"post.{posts}", "wb") as file:
            file.write(body)
        with open(f"post.{posts}.head", "w") as file:
            file.write(str(self.headers))
        status = {"/taken": 204, "/later": 204, "/gone": 410, "/moved": 302}.get(self.path, 404)
        if self.path in busy:
            busy.remove(self.path)
            status = 503
        print("post", posts, self.path, status, flush=True)
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/taken")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words):
        pass


server = HTTPServer(("127.0.0.1", 0), Receiver)
print(server.server_port, flush=True)
server.serve_forever()
