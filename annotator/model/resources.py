"""What comes with the program as files: label sets, their JSON Schemas, and the sample corpora."""

from __future__ import annotations

from pathlib import Path

from annotator.errors import InputError, LabelSetError
from annotator.model.labels import LabelSet
from annotator.settings import read_file

_PACKAGE = Path(__file__).resolve().parents[1]


def label_set_names() -> tuple[str, ...]:
    """The names of the label sets that come with the program, sorted."""
    return tuple(sorted(path.stem for path in schemas_path().glob("*.json") if "." not in path.stem))


def load_label_set(name_or_path: str | Path) -> LabelSet:
    """Read a label set that comes with the program, by its name, or any other, by the path of its file.

    Names with commas between them are a label set of these labels. LabelSetError if there is neither, or if the file
    does not hold a label set.
    """
    names = label_set_names()
    if "," in str(name_or_path) and not Path(name_or_path).expanduser().exists():
        labels = [name.strip() for name in str(name_or_path).split(",")]
        return LabelSet.from_names("own", [name for name in labels if name])
    if str(name_or_path) in names:
        path = schemas_path() / f"{name_or_path}.json"
    else:
        path = Path(name_or_path).expanduser()
    try:
        text = read_file(path).decode("utf-8-sig")
    except FileNotFoundError as error:
        raise LabelSetError(
            f"there is no label set {name_or_path}",
            hint=f"give one of these names: {', '.join(names)}; a file; or labels with commas between: PARTY,CANDIDATE",
        ) from error
    except UnicodeDecodeError as error:
        raise LabelSetError(f"{path} is not text in UTF-8", hint="save it as UTF-8") from error
    except OSError as error:
        raise LabelSetError(
            f"the label set {path} cannot be read: {error.strerror}", hint="is it a file that you may read?"
        ) from error
    return LabelSet.from_json(text, origin=str(path))


def schemas_path() -> Path:
    """The folder of the label sets and JSON Schemas; InputError if the installation has none."""
    return _folder("schemas")


def corpora_path() -> Path:
    """The folder of the sample corpora; InputError if the installation has none."""
    return _folder("corpora")


def _folder(name: str) -> Path:
    """A folder of files that a wheel carries inside the package and a checkout beside it."""
    for candidate in (_PACKAGE / "_data" / name, _PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise InputError(f"this installation lacks the folder {name}", hint="install the program again")
