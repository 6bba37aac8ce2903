"""The one registry of actions, a module a screen: what keys, footer, help and command palette are made from.

A screen's module is imported when the screen is first wanted.
"""

from annotator.tui.actions.action import Action

__all__ = ["Action"]
