"""What vulture is to take as used, though neither annotator/ nor docs/ use it: a name a line, with who does.

A name that nobody uses any more is to be taken out here too: tests/test_dead_code.py holds that.
"""

agreement  # a typer command; and a figure of a corpus in one call, for notebooks
semeval  # the four SemEval scores in one call, for notebooks
elect  # the spans of a majority, for notebooks
strict_counts  # tests/benchmarks/agreement.py times this part alone
count_conflicts  # the reference that a session's running counts are compared with
reopen_document  # the verb behind the key that reopens, for callers without a keyboard
from_sets  # a memory of whole sets at once, which memory by steps is compared with
add_documents  # many documents in one call, for scripts
known_sets  # a figure of the import's report, for scripts
LOOKS  # the names that a label set's colours may have
merge_driver  # git calls it
cursor_position  # Textual's input reads it
sofa_mime  # dkpro-cassis reads it
external_attr  # zipfile reads it
other_label  # a column of the CSV
default_storage_class  # TinyDB reads it
_stdin  # textual-serve reads it
_open_app_process  # textual-serve calls it
payload  # textual-serve passes it by name
NDArray  # numpy.typing's, imported for annotations in quotes
stats  # a typer command, which cli/main.py names by module and function
export  # a typer command
trust  # a typer command
__getattr__  # Python calls it: annotator.open_store is loaded when it is asked for
annotation_sets  # the public API, for notebooks
editing  # the public API, for notebooks
git_setup  # a typer command
tour  # a typer command
handle_startendtag  # html.parser calls it
handle_data  # html.parser calls it
handle_entityref  # html.parser calls it
handle_charref  # html.parser calls it
FIRST  # typer offers it: --on-overlap first
KEEP  # typer offers it: --on-alike-labels keep
data_type  # openpyxl reads it
buffer_text  # expat reads it
StartElementHandler  # expat calls it
EndElementHandler  # expat calls it
CharacterDataHandler  # expat calls it
EntityDeclHandler  # expat calls it
SkippedEntityHandler  # expat calls it
COMMANDS  # Textual reads it
ENABLE_COMMAND_PALETTE  # Textual reads it
CSS  # Textual reads it
