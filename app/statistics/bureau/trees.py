"""Walking the XML of office files."""

from lxml import etree


def every(root: etree._Element, *path: str) -> list[etree._Element]:
    """Children of children by name, in whichever of the two namespaces the file uses."""
    found = [root]
    for name in path:
        found = [child for one in found for child in one.iterchildren(f"{{*}}{name}")]
    return found


def name_like(like: etree._Element, name: str) -> str:
    """A name in the namespace of another element."""
    return f"{{{etree.QName(like).namespace}}}{name}"
