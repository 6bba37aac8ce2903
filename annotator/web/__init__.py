"""The annotate screen in a browser: tokens, sessions, and a server that gives each connection a process of its own.

Nothing here imports textual: the screen runs in the processes, which speak the protocol of Textual's web driver.
"""
