"""Style guide §2 and §3: names and texts."""

import ast
import re

BANNED = {"common", "helper", "helpers", "manager", "managers", "util", "utils"}
OPEN_ENDS = re.compile(r"\b(?:" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X"]) + r")\b")
MACHINE_PATHS = re.compile(
    r"(?:^|[^A-Za-z0-9_.])/(?:work|root|farm|tmp|Users|home/[a-z]+)/|[A-Z]:\\+Users\\"
)


def words(name):
    """The words of a snake_case or CamelCase name, in lower case."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


def offending_lines(texts, pattern):
    return [
        f"{source.name}:{number}: {line.strip()}"
        for source in texts
        for number, line in enumerate(source.text.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_file_or_folder_is_called_utils_helper_common_or_manager(code):
    banned = [s.name for s in code if BANNED & words(s.name)]
    assert banned == []


def test_no_class_is_called_utils_helper_common_or_manager(code):
    banned = [
        f"{source.name}:{node.lineno} {node.name}"
        for source in code
        if source.path.suffix == ".py"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef) and BANNED & words(node.name)
    ]
    assert banned == []


def test_the_init_of_a_package_is_its_docstring_and_nothing_else(modules):
    inits = [s for s in modules if s.path.name == "__init__.py"]
    assert len(inits) > 0
    others = [s.name for s in inits if len(s.tree.body) != 1 or not ast.get_docstring(s.tree)]
    assert others == []


def test_every_folder_of_modules_is_a_package(modules):
    folders = {s.path.parent for s in modules}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_engines_and_protocol_cannot_be_imported(sources):
    inits = ("engines/__init__.py", "protocol/__init__.py")
    found = [
        s.name
        for s in sources
        if s.name in inits or (s.name.startswith("engines/") and s.path.suffix == ".py")
    ]
    assert found == []


def test_nothing_is_left_open_in_a_comment(texts):
    assert offending_lines(texts, OPEN_ENDS) == []


def test_no_text_names_a_path_of_one_machine(texts):
    assert offending_lines(texts, MACHINE_PATHS) == []


def test_lines_end_as_on_unix_and_the_last_one_ends(texts):
    raw = {source.name: source.path.read_bytes() for source in texts}
    assert [name for name, data in raw.items() if b"\r" in data] == []
    assert [name for name, data in raw.items() if data and not data.endswith(b"\n")] == []


def test_test_names_are_sentences(code):
    short = [
        f"{source.name}:{node.lineno} {node.name}"
        for source in code
        if source.name.startswith("tests/") and source.path.suffix == ".py"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and len(words(node.name)) < 4
    ]
    assert short == []
