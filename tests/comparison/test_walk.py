from __future__ import annotations

from handbook.comparison.walk import Position, Walk
from handbook.drift import Change, Difference
from handbook.tree import Exact, Leaf, Line, Name, Node, Noise, Ordered, Place, Unordered


def leaf(text: str, line: int, at: int) -> Leaf:
    """``@x`` is a name, ``~`` is noise, all else is exact."""
    place = Place(line, at, at + len(text))
    if text.startswith("@"):
        return Name("thing", text, place)
    return Noise("age", text, place) if text == "~" else Exact(text, place)


def lines(text: str) -> tuple[Line, ...]:
    rows = enumerate(text.split("/"), 1)
    return tuple(Line(tuple(leaf(word, number, 10 * at) for at, word in enumerate(row.split()))) for number, row in rows)


def walked(*steps: tuple[Node, Node]) -> list[Difference]:
    walk = Walk()
    found: list[Difference] = []
    for number, (old, new) in enumerate(steps, 1):
        walk.begin(Position("snippet", number, number))
        found += walk.compare(old, new)
    return found + [difference for _, difference in walk.settle()]


def ordered(old: str, new: str) -> tuple[Node, Node]:
    return Ordered(lines(old)), Ordered(lines(new))


def unordered(old: str, new: str) -> tuple[Node, Node]:
    return Unordered(lines(old)), Unordered(lines(new))


def changes(found: list[Difference]) -> list[Change]:
    return [difference.change for difference in found]


def test_a_tree_agrees_with_itself() -> None:
    assert walked(ordered("a @x ~/b @x", "a @x ~/b @x")) == []


def test_names_may_change_together() -> None:
    assert walked(ordered("a @x/b @x", "a @y/b @y"), ordered("c @x", "c @y")) == []


def test_an_exact_part_that_changed_points_at_itself() -> None:
    (difference,) = walked(ordered("a b/c d", "a b/c e"))
    assert difference.change is Change.VALUE
    assert difference.sentence == 'line 2: "e" where "d" was'
    assert difference.old == difference.new == Place(2, 10, 11)


def test_a_word_that_came_is_structural() -> None:
    (difference,) = walked(ordered("a b c d", "a b x c d"))
    assert (difference.change, difference.whole) == (Change.STRUCTURAL, False)
    assert difference.old == Place(1, 20, 20)  # where it would have stood
    assert difference.sentence == 'line 1: "x" is new'


def test_words_that_changed_places_in_their_line_are_one_thing() -> None:
    (difference,) = walked(ordered("on eth0 from host to all", "from host to all on eth0"))
    assert (difference.change, difference.sentence) == (Change.VALUE, 'line 1: "on eth0" stands elsewhere in it')


def test_changes_that_only_punctuation_divides_are_one() -> None:
    (difference,) = walked(ordered("code = killed|status = KILL end", "code = killed , status = 9|KILL end"))
    assert difference.sentence == 'line 1: "killed , status = 9|KILL" where "killed|status = KILL" was'


def test_a_bracket_that_a_change_opens_is_closed() -> None:
    (difference,) = walked(ordered("Debian Linux 12 ( bookworm ) x", "Debian Linux 13 ( trixie ) x"))
    assert difference.sentence == 'line 1: "13 ( trixie )" where "12 ( bookworm )" was'
    (difference,) = walked(ordered("Debian Linux 12 ( bookworm )", "Debian Linux 13 ( bookworm )"))
    assert difference.sentence == 'line 1: "13" where "12" was'


def test_a_line_that_went_is_structural_and_nothing_else_is_told() -> None:
    (difference,) = walked(ordered("a @x/b @y/c @z", "a @p/c @q"))
    assert difference.sentence == '"b @y" is gone (it was line 2)'


def test_a_line_that_stands_elsewhere_is_one_thing() -> None:
    (difference,) = walked(ordered("search a b c/server @x/options n", "server @y/options n/search a b c"))
    assert difference.sentence == '"search a b c" stands in line 3, and no longer in line 1'
    assert difference.change is Change.STRUCTURAL
    assert walked(ordered("a b @x/c d @z", "c d @w/a b @y"), ordered("@x/@z", "@y/@w")) != []


def test_a_short_line_that_stands_elsewhere_is_one_thing_too() -> None:
    (difference,) = walked(
        ordered("--bootstrap-kubeconfig=a/--kubeconfig=b/--config=c", "--bootstrap-kubeconfig=a/--config=c/--kubeconfig=b")
    )
    assert difference.sentence == '"--config=c" stands in line 2, and no longer in line 3'


def test_lines_that_changed_places_are_told() -> None:
    assert set(changes(walked(ordered("a/b/c", "b/a/c")))) == {Change.STRUCTURAL}


def test_a_name_renamed_in_one_place_only_breaks_a_relation() -> None:
    (difference,) = walked(ordered("a @x", "a @y"), ordered("b @x", "b @z"))
    assert difference.change is Change.RELATION
    assert "which became @y in line 1 of step 1 of snippet" in difference.sentence


def test_a_line_that_came_does_not_shift_the_names_below_it() -> None:
    first = ordered("a @1/b @2/c @3", "a @5/b @6/c @7")
    assert changes(walked(first, ordered("@1/@2/@3", "@5/@9/@6/@7"))) == [Change.STRUCTURAL]


def test_a_name_where_a_constant_was_is_a_value() -> None:
    assert changes(walked(ordered("a @x", "a null"))) == [Change.VALUE]


def test_a_change_of_a_sentence_ends_with_it() -> None:
    old, new = "1 node had a taint that stops it.", "1 node had taints. preemption: no help."
    found = walked(ordered(old, new), ordered(new, old))
    assert [difference.sentence for difference in found] == [
        'line 1: "taints." where "a taint that stops it." was',
        'line 1: "preemption: no help." is new',
        'line 1: "a taint that stops it." where "taints." was',
        '"preemption: no help." is gone (it was in line 1)',
    ]


def test_indentation_is_structure() -> None:
    old, new = Ordered((Line((leaf("a", 1, 0),), 0),)), Ordered((Line((leaf("a", 1, 4),), 1),))
    (difference,) = walked((old, new))
    assert difference.sentence == 'line 1: "a" is indented differently'


def test_order_does_not_matter_where_the_tree_says_so() -> None:
    assert walked(unordered("a/b/c", "c/a/b")) == []
    assert changes(walked(unordered("a/b", "a/c"))) == [Change.STRUCTURAL, Change.STRUCTURAL]
    assert changes(walked(unordered("a b c/d", "d/a b x"))) == [Change.VALUE]


def test_children_without_an_order_are_told_apart_by_names_known_before() -> None:
    known = ordered("first @1/second @2", "first @8/second @9")
    assert walked(known, unordered("n @1/n @2", "n @9/n @8")) == []


def test_children_without_an_order_are_told_apart_by_names_known_later() -> None:
    later = ordered("first @1/second @2", "first @8/second @9")
    assert walked(unordered("n @1/n @2", "n @9/n @8"), later) == []


def test_a_relation_among_children_without_an_order_can_break() -> None:
    later = ordered("first @1 @2", "first @8 @9")
    assert changes(walked(unordered("n @1 @1/n @2 @2", "n @8 @9/n @9 @8"), later)) != []


def test_children_that_nothing_tells_apart_agree() -> None:
    assert walked(unordered("n @1/n @2/n @3", "n @7/n @8/n @9")) == []
    assert changes(walked(unordered("n @1/n @2/n @3", "n @7/n @8"))) == [Change.STRUCTURAL]


def test_labels_find_each_other() -> None:
    def mapping(**values: str) -> Node:
        return Unordered(tuple(Ordered((leaf(value, 1, 0),), label=key) for key, value in values.items()))

    (difference,) = walked((mapping(Name="web", Image="nginx"), mapping(Image="busybox", Name="web")))
    assert difference.sentence == 'line 1: "busybox" where "nginx" was'


def test_the_verdict_is_the_same_both_ways() -> None:
    pairs = [("a @x/b @x", "a @y/b @y"), ("a @x/b @x", "a @y/b @z"), ("a/b/c", "a/c"), ("a b/c", "c/a b"), ("a ~/b", "a ~/b")]
    for old, new in pairs:
        assert bool(walked(ordered(old, new))) == bool(walked(ordered(new, old)))
