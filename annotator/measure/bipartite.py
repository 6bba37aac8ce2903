"""Maximum matching between two sides, of which each member is matched at most once."""

from __future__ import annotations

from collections.abc import Iterable


def maximum_matching(edges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """As many of the edges as can be chosen so that no two share an end; sorted.

    An edge joins a member of the left side to one of the right. Edges are first taken greedily in the order given,
    which is the maximum already when both sides are disjoint intervals that come sorted; then along augmenting paths
    (Berge 1957), found breadth first. What a search in vain has seen can be on no later path (a Hungarian tree) and
    is left out from then on, so all searches in vain together look at each edge once.
    """
    rights: dict[int, list[int]] = {}
    partner: dict[int, int] = {}  # of a right member
    matched: set[int] = set()  # left members
    for left, right in edges:
        rights.setdefault(left, []).append(right)
        if left not in matched and right not in partner:
            partner[right] = left
            matched.add(left)
    spent: set[int] = set()
    for left in rights:
        if left not in matched:
            _augment(left, rights, partner, spent)
    return sorted((left, right) for right, left in partner.items())


def _augment(root: int, rights: dict[int, list[int]], partner: dict[int, int], spent: set[int]) -> None:
    """Match one more left member, by moving others along a path; without one, note what is spent."""
    reached_from: dict[int, int] = {}
    came_by: dict[int, int] = {}  # the right member whose partner a left one is
    queue = [root]
    for left in queue:
        for right in rights[left]:
            if right in reached_from or right in spent:
                continue
            reached_from[right] = left
            if right in partner:
                came_by[partner[right]] = right
                queue.append(partner[right])
                continue
            while True:
                left = reached_from[right]
                partner[right] = left
                if left == root:
                    return
                right = came_by[left]
    spent.update(reached_from)
