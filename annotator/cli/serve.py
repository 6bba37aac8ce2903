"""`annotator serve`: the annotate screen in a browser, for people without a terminal."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotator.cli.opening import opened_store
from annotator.cli.options import AnnotatorOption, ModelOption, StoreOption, store_path
from annotator.cli.output import print_lines, print_message, print_table

if TYPE_CHECKING:
    from annotator.web.tokens import Token, TokenFile

_MEMORY = 6_144
"""MiB of address space of one process and its worker each: spaCy with a small pipeline maps some two thousand."""


def serve(
    store: StoreOption = None,
    annotator: AnnotatorOption = None,
    model: ModelOption = None,
    token: Annotated[
        str | None,
        typer.Option(
            "--token", help="Create a token for this annotator, print it, and end.", show_default=False
        ),
    ] = None,
    revoke: Annotated[
        str | None,
        typer.Option("--revoke", help="Revoke all tokens of this annotator, and end.", show_default=False),
    ] = None,
    tokens: Annotated[bool, typer.Option("--tokens", help="List who has tokens, and end.")] = False,
    host: Annotated[
        str,
        typer.Option("--host", help="The address to listen on; other machines cannot reach the default one."),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The port to listen on.")] = 8000,
    public_url: Annotated[
        str,
        typer.Option(
            "--public-url",
            help="The URL that browsers use, where a proxy stands in front.",
            show_default=False,
        ),
    ] = "",
    tls_cert: Annotated[
        Path | None, typer.Option("--tls-cert", help="A TLS certificate (PEM).", show_default=False)
    ] = None,
    tls_key: Annotated[
        Path | None, typer.Option("--tls-key", help="The certificate's key (PEM).", show_default=False)
    ] = None,
    connections: Annotated[
        int, typer.Option("--connections", min=1, max=1000, help="The most browsers at a time.")
    ] = 20,
    memory: Annotated[
        int,
        typer.Option("--memory", min=0, help="The most address space of each process, in MiB; 0: no limit."),
    ] = _MEMORY,
) -> None:
    """Show the annotate screen in browsers. Each annotator enters with a token of their own.

    Where only this machine can connect, the server prints a link with a token for you, valid until it stops.

    Example: annotator serve --store news --token ada
    """
    from annotator.errors import UsageError
    from annotator.settings import annotator_name, read_settings
    from annotator.store.layout import check_annotator
    from annotator.web.tokens import TokenFile

    if sum((token is not None, revoke is not None, tokens)) > 1:
        raise UsageError("--token, --revoke and --tokens cannot be combined", hint="give one of them")
    path = store_path(store)
    opened = opened_store(path)
    file = TokenFile.of_store(opened.info.uid)
    if token is not None:
        print_lines(file.create(check_annotator(token)))
        print_message(f"{token} enters it in the browser. It is not shown again.")
    elif revoke is not None:
        count = file.revoke(revoke)
        print_message(f"revoked {count} {'token' if count == 1 else 'tokens'} of {revoke}")
    elif tokens:
        print_table(("annotator", "created"), [(kept.annotator, kept.created) for kept in file.tokens()])
    else:
        name = check_annotator(annotator_name(annotator, read_settings()))
        arguments = ["--store", str(path.absolute()), *(["--model", model] if model else [])]
        _serve(
            file,
            name=name,
            arguments=arguments,
            host=host,
            port=port,
            public_url=public_url,
            certificate=(tls_cert, tls_key),
            connections=connections,
            memory=memory,
        )


def _serve(
    file: TokenFile,
    *,
    name: str,
    arguments: Sequence[str],
    host: str,
    port: int,
    public_url: str,
    certificate: tuple[Path | None, Path | None],
    connections: int,
    memory: int,
) -> None:
    """Serve until the person stops it."""
    from annotator.errors import InputError, UsageError
    from annotator.web.tokens import new_token

    try:
        from annotator.web.server import Address, BrowserServer, Limits
    except ImportError as error:
        raise UsageError(
            f"serving needs a library that is not installed: {error.name}",
            hint="install annotator with its extra `serve`",
        ) from error

    def command(kept: Token) -> list[str]:
        child = [sys.executable, "-P", "-m", "annotator.web.child", str(memory)]
        return [*child, "annotate", *arguments, "--annotator", kept.annotator, "--new-annotator"]

    address = Address(
        host=host, port=port, public_url=public_url, certificate=certificate[0], key=certificate[1]
    )
    address.context()  # refuses a certificate that cannot be used, before a token is created
    own: tuple[Token, ...] = ()
    if address.is_loopback and not public_url:
        kept, token = new_token(name)
        own = (kept,)
        print_message(f"You are {name}. Open {address.url}/?token={token}")
    elif not file.tokens():
        raise InputError(
            "nobody has a token yet",
            hint="create one for each annotator, such as annotator serve --token ada",
        )
    elif not address.url.startswith("https:"):
        print_message(
            "Tokens and texts will cross the network unencrypted. "
            "Use --tls-cert and --tls-key, or a proxy with --public-url https://…."
        )
    server = BrowserServer(
        address,
        tokens=lambda: (*file.tokens(), *own),
        command=command,
        say=print_message,
        limits=Limits(connections=connections),
    )
    asyncio.run(server.serve())
