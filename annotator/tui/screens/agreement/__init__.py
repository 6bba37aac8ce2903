"""The agreement screen, and that of the cases behind a figure."""

from annotator.tui.screens.agreement.cases import CasesScreen, Place
from annotator.tui.screens.agreement.screen import AgreementScreen

__all__ = ["AgreementScreen", "CasesScreen", "Place"]
