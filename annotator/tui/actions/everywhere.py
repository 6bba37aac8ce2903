"""The actions of all screens, whose keys the settings may change."""

from annotator.tui.actions.agreement import AGREEMENT, CASES
from annotator.tui.actions.annotate import ANNOTATE
from annotator.tui.actions.audit import AUDIT
from annotator.tui.actions.documents import DOCUMENTS
from annotator.tui.actions.feedback import FEEDBACK
from annotator.tui.actions.review import REVIEW

OF_ANNOTATING = (ANNOTATE, AUDIT, DOCUMENTS, FEEDBACK, AGREEMENT, CASES)
"""Those of the screens that a program for annotating has, a table a screen."""

EVERYWHERE = (*(action for table in OF_ANNOTATING for action in table), *REVIEW)
"""Those of all screens."""
