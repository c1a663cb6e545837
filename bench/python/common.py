"""Processor time of one thread, the median of several runs: what the pages compare with Conjoint's."""
import os
os.environ.setdefault("OMP_NUM_THREADS", "1")
import platform
import statistics
import time


def measure(name, work, runs=7):
    """Prints the median of the processor time (user and system) of a call, after one that does not count."""
    work()
    seconds = []
    for _ in range(runs):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    print(f"{name:30s} {1000 * statistics.median(seconds):10.2f} ms", flush=True)


def versions(*modules):
    print("Python", platform.python_version(), *(f"{m.__name__} {m.__version__}" for m in modules), flush=True)
