"""What a `make run` that was killed outright left running: found by a mark in its environment, and stopped."""

import contextlib
import hashlib
import os

import psutil


def mark(folder):
    """The mark that all processes of a run in this data folder carry as COCREATE_RUN."""
    return hashlib.sha256(str(folder).encode()).hexdigest()[:16]


def stop(mark_of_run):
    """Stop every process with this mark except this one and those it was started by; how many there were."""
    family = {os.getpid(), *(process.pid for process in psutil.Process().parents())}
    left = [
        process
        for process in psutil.process_iter()
        if process.pid not in family and _carries(process, mark_of_run)
    ]
    for process in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
    _gone, alive = psutil.wait_procs(left, timeout=5)
    for process in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, timeout=5)
    return len(left)


def _carries(process, mark_of_run):
    try:
        return process.environ().get("COCREATE_RUN") == mark_of_run
    except (psutil.Error, OSError):
        return False
