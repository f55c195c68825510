"""Run in the place of TeX: tries to get out, and writes into report.log what it got. Needs nothing but Python."""

from __future__ import annotations

import contextlib
import ctypes
import glob
import json
import os
import resource
import signal
import socket
import sys
import threading
import time

GIVEN = json.load(open("probe.json"))
LIBC = ctypes.CDLL(None, use_errno=True)
MEGABYTE = 1024 * 1024


def call(name, *arguments):
    if getattr(LIBC, name)(*arguments) == -1:
        raise OSError(ctypes.get_errno(), name)
    return f"{name} worked"


def read(path):
    with open(path, "rb") as file:
        return f"read {path}: {file.read(80)!r}"


def first(attempts):
    """Return what the first attempt that works got."""
    for attempt in attempts:
        with contextlib.suppress(OSError):
            if got := attempt():
                return got
    return ""


def write(path):
    with open(path, "ab") as file:
        file.write(b"x")
    return f"wrote {path}"


def fill(folder, megabytes):
    """Write many files; give how many megabytes fitted, where it is more than the bound."""
    written = 0
    names = []
    try:
        while written < megabytes:
            names.append(f"{folder}/fill-{written}")
            with open(names[-1], "wb") as file:
                file.write(bytes(MEGABYTE))
            written += 1
    except OSError:
        pass
    finally:
        for name in names:
            with contextlib.suppress(OSError):
                os.unlink(name)
    return f"{written} MB fitted into {folder}" if written > GIVEN["bound_mb"] else ""


def connect(family, address, kind=socket.SOCK_STREAM):
    with socket.socket(family, kind) as made:
        made.settimeout(5)
        made.connect(address)
        made.send(b"x")
    return f"reached {address}"


def environment():
    found = [name for name, value in os.environ.items() if GIVEN["token"] in value or name == "SECRET_TOKEN"]
    for path in glob.glob("/proc/[0-9]*/environ"):
        with contextlib.suppress(OSError), open(path, "rb") as file:
            if GIVEN["token"].encode() in file.read():
                found.append(path)
    return ", ".join(found)


def processes():
    for pid in glob.glob("/proc/[0-9]*"):
        with contextlib.suppress(OSError), open(f"{pid}/cmdline", "rb") as file:
            if b"driver" in file.read():
                return f"saw {pid}"
    os.kill(GIVEN["parent"], 0)
    return "the parent can be sent signals"


def fork():
    child = os.fork()
    if not child:
        os.setsid()
        time.sleep(60)
        os._exit(0)
    os.kill(child, signal.SIGKILL)
    return "forked"


def thread():
    with contextlib.suppress(RuntimeError):
        threading.Thread(target=int).start()
        return "started a thread"
    return ""


def memory():
    with contextlib.suppress(MemoryError):
        return f"got {len(bytearray(GIVEN['memory_mb'] * MEGABYTE)) // MEGABYTE} MB"
    return ""


def sparse():
    os.truncate("report.pdf", 5 * 1024 * MEGABYTE)
    return "report.pdf is 5 GB"


def replaced(make):
    os.unlink("report.pdf")
    make("report.pdf")
    return "report.pdf is no file of ours"


def raised_limits():
    for limit in (resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE, resource.RLIMIT_CPU):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(limit, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            return f"limit {limit} is gone"
    return "" if resource.getrlimit(resource.RLIMIT_CORE) == (0, 0) else "core files"


def listed(folder, allowed):
    more = sorted({*os.listdir(folder)} - {*allowed})
    return ", ".join(more)


SYSTEM = ["bin", "dev", "etc", "faces", "input", "lib", "lib32", "lib64", "sbin", "sys", "tmp", "usr", "var"]
ESCAPES = {
    "reads-passwd": lambda: read("/etc/passwd"),
    "reads-shadow": lambda: read("/etc/shadow"),
    "reads-a-file-at-home": lambda: read(GIVEN["secret"]),
    "reads-another-runs-folder": lambda: read(GIVEN["other_run"]),
    "reads-the-folder-of-the-cache": lambda: ", ".join(os.listdir(GIVEN["cache"])),
    "reads-more-of-etc": lambda: listed("/etc", ["ld.so.cache", "texmf"]),
    "reads-more-of-the-root": lambda: listed("/", SYSTEM),
    "reads-memory-or-a-disk": lambda: listed("/dev", ["null"]),
    "reads-more-of-sys": lambda: listed("/sys", ["kernel"]) + listed("/sys/kernel", ["mm"]),
    "has-the-parents-environment": environment,
    "sees-the-parent": processes,
    "kills-the-parent": lambda: os.kill(GIVEN["parent"], signal.SIGKILL) or "killed it",
    "knows-the-machines-name": lambda: os.uname().nodename.replace("tex", ""),
    "writes-outside": lambda: first(
        [lambda: write(GIVEN["outside"]), lambda: write("/new"), lambda: write("/usr/new")]
    ),
    "writes-into-the-shared-cache": lambda: first(
        [lambda: write(f"{GIVEN['cache']}/texmf/faces/x.luc"), lambda: write("/faces/x.luc")]
    ),
    "writes-over-the-format": lambda: write("report.fmt"),
    "removes-the-format": lambda: os.unlink("report.fmt") or "removed",
    "writes-over-its-input": lambda: write("/input/probe.json"),
    "opens-a-port-of-this-machine": lambda: connect(socket.AF_INET, ("127.0.0.1", GIVEN["port"])),
    "opens-a-unix-socket": lambda: connect(socket.AF_UNIX, GIVEN["socket"]),
    "opens-an-abstract-socket": lambda: connect(socket.AF_UNIX, "\0" + GIVEN["abstract"]),
    "asks-a-name-server": lambda: connect(socket.AF_INET, ("127.0.0.1", GIVEN["port"]), socket.SOCK_DGRAM),
    "listens": lambda: socket.create_server(("127.0.0.1", 0)) and "listens",
    "remounts-usr": lambda: call("mount", None, b"/usr", None, 0x1000 | 0x20, None),
    "mounts-a-tmpfs": lambda: call("mount", b"x", b"/tmp", b"tmpfs", 0, None),
    "mounts-proc": lambda: call("mount", b"x", b"/tmp", b"proc", 0, None),
    "unmounts-its-input": lambda: call("umount2", b"/input", 2),
    "makes-a-user-namespace": lambda: call("unshare", 0x10000000),
    "changes-its-root": lambda: os.chroot("/tmp") or "changed",
    "traces": lambda: call("ptrace", 0, 0, 0, 0),
    "traces-the-parent": lambda: call("ptrace", 16, GIVEN["parent"], 0, 0),
    "becomes-root": lambda: os.setuid(0) or "root",
    "is-root": lambda: "" if os.getuid() and os.geteuid() and os.getgid() else f"{os.getuid()} {os.getgid()}",
    "makes-a-device": lambda: os.mknod("device", 0o60666, os.makedev(254, 0)) or "made",
    "makes-a-pipe": lambda: os.mkfifo("pipe") or "made",
    "uses-keys": lambda: call("syscall", 250, 0, -3, 0),
    "uses-bpf": lambda: call("syscall", 321, 0, 0, 0),
    "uses-io-uring": lambda: call("syscall", 425, 1, 0, 0),
    "takes-memory-beside-the-limits": lambda: first(
        [lambda: call("shmget", 0, MEGABYTE, 0o1600), lambda: str(os.memfd_create("x"))]
    ),
    "forks": fork,
    "starts-a-thread": thread,
    "starts-a-program": lambda: "" if os.spawnv(os.P_WAIT, "/bin/true", ["true"]) else "started",
    "takes-all-memory": memory,
    "fills-dev-shm": lambda: fill("/dev/shm", GIVEN["bound_mb"] + 8),
    "fills-tmp": lambda: fill("/tmp", GIVEN["bound_mb"] + 8),
    "fills-its-folder": lambda: fill(".", GIVEN["bound_mb"] + 8),
    "makes-the-pdf-huge": sparse,
    "puts-a-link-in-place-of-the-pdf": lambda: replaced(lambda name: os.symlink("/etc/passwd", name)),
    "puts-a-pipe-in-place-of-the-pdf": lambda: replaced(os.mkfifo),
    "moves-a-file-over-the-pdf": lambda: (open("x", "wb").close(), os.rename("x", "report.pdf")) and "moved",
    "raises-its-limits": raised_limits,
}


def attempt(escape):
    try:
        return str(escape() or "")
    except (OSError, OverflowError):
        return ""


def endless_output():
    while True:
        os.write(1, bytes(MEGABYTE))


def endless():
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    with contextlib.suppress(OSError):
        if os.fork():
            os.wait()
        os.setsid()
    while True:
        time.sleep(60)


def leave(make):
    for name in ("report.pdf", "report.log"):
        with contextlib.suppress(OSError):
            os.unlink(name)
    make("report.pdf")


LIVES = {
    "endless-output": endless_output,
    "endless": endless,
    "leaves-a-link": lambda: leave(lambda name: os.symlink(GIVEN["secret"], name)),
    "leaves-a-pipe": lambda: leave(os.mkfifo),
    "leaves-a-folder": lambda: leave(os.mkdir),
}

if GIVEN["life"]:
    LIVES[GIVEN["life"]]()
    sys.exit()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with open("report.log", "w") as log:
    json.dump({name: attempt(ESCAPES[name]) for name in GIVEN["escapes"] or ESCAPES}, log)
