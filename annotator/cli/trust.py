"""`annotator trust`: what a store may do on this machine beyond being data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.options import StoreOption, store_path


def trust(
    store: StoreOption = None,
    link: Annotated[
        str | None,
        typer.Option(
            "--link",
            help="Allow that this folder of the store, documents or annotations, is a link to where it leads now.",
            show_default=False,
        ),
    ] = None,
    model: Annotated[
        bool, typer.Option("--model", help="Allow the model that this store names, as it is now.")
    ] = False,
    pipeline: Annotated[
        Path | None,
        typer.Option(
            "--pipeline",
            help="Allow a copy of a pipeline, in this folder of the store's models, that learnt on another machine.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Allow what a store asks for and this machine has not been asked before; without options, list what is allowed.

    Example: annotator trust --store news --link documents
    """
    from annotator.cli.output import print_lines, print_message
    from annotator.errors import InputError
    from annotator.store.repository import Store
    from annotator.store.trust import allow_link, allow_model, allow_pipeline, read_trusted, trust_path

    if link is not None:
        target = allow_link(store_path(store).absolute(), link)
        print_message(f"{link} of this store may lie in {target}")
    if model:
        opened = Store.open(store_path(store))
        if opened.info.model is None:
            raise InputError("this store names no model", hint="there is nothing to allow")
        allow_model(opened.info.uid, opened.info.model)
        print_message(f"the model {opened.info.model} may be loaded for this store")
    if pipeline is not None:
        if not (pipeline / "meta.json").is_file():
            raise InputError(f"{pipeline} holds no pipeline", hint="name the folder with its meta.json")
        allow_pipeline(pipeline)
        print_message(f"the pipeline in {pipeline} may be loaded")
    if link is None and pipeline is None and not model:
        allowed = read_trusted()
        for entry in sorted(allowed.links):
            root, name, place = entry.split("\0")
            print_lines(f"link: {name} of {root} leads to {place}")
        for entry in sorted(allowed.models):
            uid, name, _ = entry.split("\0", 2)
            print_lines(f"model: {name} in the store {uid}")
        for entry in sorted(allowed.pipelines):
            print_lines(f"pipeline: {entry.split(chr(0))[0]}")
        if not allowed.links and not allowed.models and not allowed.pipelines:
            print_message(f"nothing is allowed yet; it would be kept in {trust_path()}")
