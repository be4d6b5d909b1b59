"""Style guide §1 and §7: who may do what. Who may import whom of ours is import-linter's part."""

import ast

SANS_IO = (
    "animation",
    "audio",
    "batching.cost",
    "batching.governor",
    "batching.scheduler",
    "hall.admission",
    "hall.draining",
    "hall.gauge",
    "hall.pulse",
    "hall.relief",
    "hall.room",
    "hall.waits",
    "outbox",
    "pipeline",
    "output.livelink_packet",
    "player",
    "preview.guest",
    "preview.pacing",
    "preview.subject",
    "recognizer",
    "rig.mapper",
    "rig.matching",
    "rig.parse",
    "rig.program",
    "security.challenge",
    "security.limits",
    "security.rights",
    "security.tokens",
    "session",
    "solver",
    "style",
    "wire",
)
IO = {"asyncio", "socket", "threading", "time", "websockets"}
TASK_ROOTS = {
    "a2f_ws/connection.py",
    "a2f_ws/batching/worker.py",
    # What is shown beside the service must not end it.
    "a2f_ws/preview/preview.py",
}
EVERYTHING = {"Exception", "BaseException"}


def dotted(source):
    """Name of a module below a2f_ws, e.g. `rig.mapper`."""
    parts = source.name.removesuffix(".py").removesuffix("/__init__").split("/")
    return ".".join(parts[1:])


def is_sans_io(name):
    return any(name == prefix or name.startswith(f"{prefix}.") for prefix in SANS_IO)


def imports(tree):
    """Top-level names of all packages that a module imports, wherever it does."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def caught(handler):
    """Names that an `except` catches; a bare one catches everything."""
    if handler.type is None:
        return EVERYTHING
    return {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)}


def suppressed(call):
    """Names that a call of `suppress` swallows."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name != "suppress":
        return set()
    return {argument.id for argument in call.args if isinstance(argument, ast.Name)}


def test_what_decides_imports_nothing_that_waits_or_talks(modules):
    deciding = [source for source in modules if is_sans_io(dotted(source))]
    assert len(deciding) > 0
    found = {s.name: sorted(IO & set(imports(s.tree))) for s in deciding}
    assert {name: names for name, names in found.items() if names} == {}


def test_the_import_contracts_cover_everything_that_decides(modules, project):
    present = {
        prefix
        for prefix in SANS_IO
        if any(dotted(s) == prefix or dotted(s).startswith(f"{prefix}.") for s in modules)
    }
    contracts = project["tool"]["importlinter"]["contracts"]
    no_io = [c["source_modules"] for c in contracts if set(c.get("forbidden_modules", [])) == IO]
    assert {name.removeprefix("a2f_ws.") for names in no_io for name in names} == present


def test_only_the_task_roots_catch_every_exception(modules):
    found = [
        f"{source.name}:{node.lineno}"
        for source in modules
        if source.name not in TASK_ROOTS
        for node in ast.walk(source.tree)
        if (isinstance(node, ast.ExceptHandler) and EVERYTHING & caught(node))
        or (isinstance(node, ast.Call) and EVERYTHING & suppressed(node))
    ]
    assert found == []


def test_the_product_checks_its_input_without_assert(modules):
    found = [
        f"{source.name}:{node.lineno}"
        for source in modules
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Assert)
    ]
    assert found == []


def test_every_task_belongs_to_a_group(modules):
    found = [
        f"{source.name}:{node.lineno}"
        for source in modules
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"create_task", "ensure_future"}
        and isinstance(node.value, ast.Name)
        and node.value.id in {"asyncio", "loop"}
    ]
    assert found == []
