"""The actions of all screens, whose keys the settings may change."""

from annotator.tui.screens.agreement.actions import AGREEMENT, CASES
from annotator.tui.screens.annotate.actions import ANNOTATE
from annotator.tui.screens.audit.actions import AUDIT
from annotator.tui.screens.documents.actions import DOCUMENTS
from annotator.tui.screens.feedback.actions import FEEDBACK
from annotator.tui.screens.find.actions import FIND
from annotator.tui.screens.review.actions import REVIEW

OF_ANNOTATING = (ANNOTATE, AUDIT, DOCUMENTS, FEEDBACK, FIND, AGREEMENT, CASES)
"""Those of the screens that a program for annotating has, a table a screen."""

EVERYWHERE = (*(action for table in OF_ANNOTATING for action in table), *REVIEW)
"""Those of all screens."""
