"""Runs a program and takes all its memory and registers the moment before it
is gone, or while it stands still in the middle of its work."""
import ctypes
import os
import re
import signal
import subprocess
import tempfile
import time

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
libc.ptrace.restype = ctypes.c_long
TRACEME, CONT, SETOPTIONS, GETREGSET, DETACH = 0, 7, 0x4200, 0x4204, 17
O_EXIT, O_EXITKILL, EVENT_EXIT = 0x40, 0x100000, 6
NT_PRSTATUS, NT_X86_XSTATE = 1, 0x202
DEADLINE_S = 60


def ptrace(request, pid, address, data):
    if libc.ptrace(request, pid, address, data) < 0:
        raise OSError(ctypes.get_errno(), f"ptrace {request}")


def can_trace():
    """May memory of a process that is not dumpable be read here?"""
    return os.geteuid() == 0 and os.uname().machine == "x86_64"


class IoVec(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("len", ctypes.c_size_t)]


def registers(pid):
    out = b""
    for kind in (NT_PRSTATUS, NT_X86_XSTATE):
        room = ctypes.create_string_buffer(16384)
        vec = IoVec(ctypes.addressof(room), len(room))
        ptrace(GETREGSET, pid, kind, ctypes.addressof(vec))
        out += room.raw[:vec.len] + bytes(16)
    return out


def memory(pid):
    """Every mapping that can be read, and the registers."""
    parts = []
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as mem:
        for line in maps:
            low, high = (int(x, 16) for x in line.split()[0].split("-"))
            if "[vvar" in line or "[vsyscall]" in line:
                continue
            try:
                mem.seek(low)
                parts.append(mem.read(high - low))
            except (OSError, ValueError, OverflowError):
                pass  # guard pages
    return b"\0" * 16 + bytes(16).join(parts)


def fill(fd):
    os.set_blocking(fd, False)
    try:
        while True:
            os.write(fd, bytes(4096))
    except BlockingIOError:
        os.set_blocking(fd, True)


def drain(fd):
    os.set_blocking(fd, False)
    try:
        while os.read(fd, 65536):
            pass
    except BlockingIOError:
        os.set_blocking(fd, True)


class Run:
    """One run: its exit status, output, what it wrote to --secrets-fd, and its
    memory at the moments asked for."""

    def __init__(self, argv, answers=None, stdin=b"", secrets="read", stop_at=None, on_stop=None,
                 extra=None):
        """`secrets` is the pipe at descriptor 4: `read`; `full`, so that writing
        waits until it was stopped at `stop_at`; `broken` at that moment, until
        then full; `closed` from the start."""
        self.dumps = {}
        self.reader = None
        self.out, self.err = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        fds, close_later = {}, []
        if answers is not None:
            fds[3] = self.pipe_with(answers, close_later)
        for number, data in (extra or {}).items():
            fds[number] = self.pipe_with(data, close_later)
        if secrets is not None:
            self.reader, fds[4] = os.pipe()
            close_later.append(fds[4])
            if secrets in ("full", "broken"):
                fill(fds[4])
            self.breaks = secrets == "broken"
            if secrets == "closed":
                os.close(self.reader)
                self.reader = None
        input_file = tempfile.TemporaryFile()
        input_file.write(stdin)
        input_file.seek(0)

        def prepare():
            held = {to: os.dup2(fd, 200 + to) for to, fd in fds.items()}
            for to, fd in held.items():
                os.dup2(fd, to)
                os.close(fd)
            libc.ptrace(TRACEME, 0, None, None)

        self.process = subprocess.Popen(argv, stdin=input_file, stdout=self.out, stderr=self.err,
                                        close_fds=False, preexec_fn=prepare)
        self.pid = self.process.pid
        for fd in close_later:
            os.close(fd)
        self.trace(stop_at, on_stop)
        self.out.seek(0)
        self.err.seek(0)
        self.stdout, self.stderr = self.out.read(), self.err.read()
        self.secrets = b""
        while self.reader is not None and (chunk := os.read(self.reader, 65536)):
            self.secrets += chunk
        if self.reader is not None:
            os.close(self.reader)
        self.secrets = self.secrets.lstrip(b"\0")

    @staticmethod
    def pipe_with(data, close_later):
        reader, writer = os.pipe()
        os.write(writer, data)
        os.close(writer)
        close_later.append(reader)
        return reader

    def trace(self, stop_at, on_stop):
        """Until it has gone. `stop_at` is a pattern of /proc/PID/syscall, or of
        its standard error: there it is stopped, told to `on_stop`, and goes on."""
        pid, started, deadline = self.pid, False, time.monotonic() + DEADLINE_S
        asked = False
        while True:
            got, status = os.waitpid(pid, os.WNOHANG)
            if got == 0:
                if time.monotonic() > deadline:
                    os.kill(pid, signal.SIGKILL)
                    raise TimeoutError("the program does not end")
                if stop_at is not None and not asked and self.stands_at(stop_at):
                    asked = True
                    os.kill(pid, signal.SIGSTOP)
                time.sleep(0.0005)
                continue
            if os.WIFEXITED(status) or os.WIFSIGNALED(status):
                self.status = os.waitstatus_to_exitcode(status)
                self.process.returncode = self.status
                return
            number = os.WSTOPSIG(status)
            deliver = 0
            if not started:
                started = True
                ptrace(SETOPTIONS, pid, None, O_EXIT | O_EXITKILL)
            elif status >> 16 == EVENT_EXIT:
                self.dumps["end"] = memory(pid) + registers(pid)
                self.status_text = open(f"/proc/{pid}/status").read()
            elif number == signal.SIGSTOP and asked:
                self.dumps["middle"] = memory(pid) + registers(pid)
                if self.reader is not None and self.breaks:
                    os.close(self.reader)
                    self.reader = None
                elif self.reader is not None:
                    drain(self.reader)
                if on_stop is not None:
                    on_stop(pid)
            elif number != signal.SIGTRAP:
                deliver = number
            ptrace(CONT, pid, None, deliver)

    def stands_at(self, pattern):
        try:
            here = open(f"/proc/{self.pid}/syscall").read()
        except OSError:
            return False
        told = os.pread(self.err.fileno(), 65536, 0).decode(errors="replace")
        return re.search(pattern, here + told) is not None
