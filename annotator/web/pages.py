"""The two pages that a browser gets: one asks for a token, the other holds the terminal. Pure."""

from __future__ import annotations

from html import escape

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""What the pages may load: nothing from another host. The terminal sets the styles of its own elements."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

_STYLE = """
@font-face { font-family: "Roboto Mono"; src: url("/static/fonts/RobotoMono-VariableFont_wght.ttf"); font-weight: 100 700; }
@font-face { font-family: "Roboto Mono"; font-style: italic;
  src: url("/static/fonts/RobotoMono-Italic-VariableFont_wght.ttf"); font-weight: 100 700; }
html, body { margin: 0; height: 100%; background: #16181d; color: #d6d9e0; font: 16px/1.5 "Roboto Mono", monospace; }
main { max-width: 34rem; margin: 0 auto; padding: 20vh 1.5rem 0; }
h1 { font-size: 1.3rem; }
input, button, a.button { font: inherit; padding: .5rem .75rem; border: 1px solid #6b7280; border-radius: 4px; }
input { width: 100%; box-sizing: border-box; background: #0e1014; color: inherit; margin: .25rem 0 1rem; }
button, a.button { background: #2b5fa8; color: #fff; text-decoration: none; cursor: pointer; }
.problem { color: #ffb454; }
.textual-terminal { height: 100%; }
.ended { display: none; }
body.-closed .textual-terminal { display: none; }
body.-closed .ended { display: block; }
"""


def token_page(*, problem: str = "") -> str:
    """The page that asks for a token; `problem` is plain text that says why the last one was refused."""
    said = f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""
    return _page(
        "Annotator",
        f"""<main><h1>Annotator</h1>{said}
<form method="post" action="/enter">
<label for="token">Your token</label>
<input id="token" name="token" type="password" autocomplete="current-password" autofocus required>
<button>Open</button>
</form>
<p>The person who runs this server gives you a token.</p></main>""",
    )


def terminal_page(*, annotator: str, socket_url: str, font_size: int) -> str:
    """The page with the terminal: `socket_url` is where its web socket connects, `font_size` is in pixels."""
    return _page(
        f"Annotator: {annotator}",
        f"""<div id="terminal" class="textual-terminal" data-session-websocket-url="{escape(socket_url)}"
 data-font-size="{font_size}"></div>
<main class="ended"><h1>The session has ended.</h1>
<p>Everything that the screen called saved is in the store.</p>
<a class="button" href="/">Open again</a></main>""",
        head='<link rel="stylesheet" href="/static/css/xterm.css"><script src="/static/js/textual.js"></script>',
    )


def _page(title: str, body: str, *, head: str = "") -> str:
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{_STYLE}</style>
{head}
</head>
<body>
{body}
</body>
</html>
"""
