"""axe-core looks at a page in a real browser: what it finds is a fault of ours."""

import importlib.util
import pathlib

PACKAGE = "axe_playwright_python"


def source():
    """The script, as its package brings it along."""
    folder = pathlib.Path(importlib.util.find_spec(PACKAGE).origin).parent
    return (folder / "axe.min.js").read_text()


def violations(page):
    """What axe finds on a page as it is now, a line for each: the rule, and where."""
    page.evaluate(source())
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{rule['id']}: {node['target']} {node.get('failureSummary', '')}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def assert_none(page, where):
    """Nothing may be found."""
    found = violations(page)
    assert not found, f"{where}:\n" + "\n".join(found)
