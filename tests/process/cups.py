"""A CUPS server of the test's own: its configuration, spool and socket lie in
one folder, its only printer is a shell script, and it ends with the test."""
import os
import pathlib
import shutil
import socket
import stat
import struct
import subprocess
import tempfile
import time

# Where a tray holds `empty-after`, the printer runs out of paper when it has
# printed a sheet of that title; `give-up-at` and `stop-at` name the title at
# which it fails.
TRAY = r"""#!/bin/sh
[ $# -gt 0 ] || { echo 'direct tray "Unknown" "Tray"'; exit 0; }
tray=${DEVICE_URI#tray:}
is() { [ -e "$tray/$1" ] && [ "$(cat "$tray/$1")" = "$2" ]; }
told=
while [ -e "$tray/empty" ]; do
    [ -n "$told" ] || echo "STATE: +media-empty-error" >&2
    told=yes
    sleep 0.1
done
[ -z "$told" ] || echo "STATE: -media-empty-error" >&2
if is stop-at "$3"; then echo "STATE: +media-jam-error" >&2; exit 4; fi
if is give-up-at "$3"; then exit 1; fi
echo "STATE: -media-jam-error" >&2
cat "${6:--}" >"$tray/$1.part"
printf '%s\n' "$3" "$4" "$5" >"$tray/$1.said"
is empty-after "$3" && rm "$tray/empty-after" && : >"$tray/empty"
mv "$tray/$1.part" "$tray/$1.pdf"
"""


def cupsd():
    return shutil.which("cupsd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


class Cups:
    """One server. `rules` are lines of its cupsd.conf."""

    def __init__(self, rules="PreserveJobFiles No", policy="stop-printer", accepting=True):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="quorate-cups-"))
        os.chmod(self.path, 0o755)
        self.socket = self.path / "sock"
        self.spool, self.tray = self.path / "spool", self.path / "tray"
        for name in ("root", "cache", "state", "log", "spool/tmp", "bin/backend", "bin/daemon",
                     "bin/filter", "bin/notifier", "tray"):
            (self.path / name).mkdir(parents=True)
        # The printer's script runs as nobody in particular.
        os.chmod(self.tray, 0o777)
        (self.path / "bin/daemon/cups-exec").symlink_to("/usr/lib/cups/daemon/cups-exec")
        backend = self.path / "bin/backend/tray"
        backend.write_text(TRAY)
        backend.chmod(0o755)
        (self.path / "root/printers.conf").write_text(
            f"<Printer tray>\nDeviceURI tray:{self.tray}\nState Idle\n"
            f"Accepting {'Yes' if accepting else 'No'}\nErrorPolicy {policy}\n</Printer>\n")
        (self.path / "cupsd.conf").write_text(
            f"Listen {self.socket}\nBrowsing No\nWebInterface No\nLogLevel debug\n"
            f"MaxLogSize 0\n{rules}\n<Location />\nOrder allow,deny\nAllow all\n</Location>\n"
            "<Policy default>\n<Limit All>\nOrder deny,allow\n</Limit>\n</Policy>\n")
        folders = {"ServerRoot": "root", "RequestRoot": "spool", "TempDir": "spool/tmp",
                   "CacheDir": "cache", "StateDir": "state", "ServerBin": "bin",
                   "AccessLog": "log/access", "ErrorLog": "log/error", "PageLog": "log/page"}
        (self.path / "cups-files.conf").write_text(
            "".join(f"{key} {self.path / name}\n" for key, name in folders.items()))
        self.process = None
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [cupsd(), "-f", "-c", self.path / "cupsd.conf", "-s", self.path / "cups-files.conf"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            if self.socket.exists() and stat.S_ISSOCK(self.socket.stat().st_mode):
                try:
                    self.connect().close()
                    return
                except OSError:
                    pass
            time.sleep(0.05)
        raise RuntimeError("cupsd does not start: " + self.log()[-500:])

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)
            self.process = None

    def close(self):
        self.stop()
        shutil.rmtree(self.path)

    def connect(self):
        client = socket.socket(socket.AF_UNIX)
        client.connect(str(self.socket))
        return client

    def log(self):
        path = self.path / "log/error"
        return path.read_text(errors="replace") if path.exists() else ""

    def resume(self):
        """What `cupsenable tray` sends."""
        def attribute(tag, name, value):
            return struct.pack(">BH", tag, len(name)) + name + struct.pack(">H", len(value)) + value
        body = struct.pack(">BBHI", 2, 0, 0x0011, 1) + b"\x01" + \
            attribute(0x47, b"attributes-charset", b"utf-8") + \
            attribute(0x48, b"attributes-natural-language", b"en") + \
            attribute(0x45, b"printer-uri", b"ipp://localhost/printers/tray") + b"\x03"
        with self.connect() as client:
            client.sendall(b"POST /admin/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                           b"application/ipp\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            assert b" 200 " in client.recv(4096)

    def plant(self, name, text=""):
        (self.tray / name).write_text(text)

    def printed(self):
        """(title, copies, options, PDF) of each sheet, in their order."""
        for said in sorted(self.tray.glob("*.said"), key=lambda p: int(p.stem)):
            pdf = said.with_suffix(".pdf")
            if pdf.exists():
                yield (*said.read_text().splitlines()[:3], pdf)

    def kept(self):
        """All that the server has in files, but for what came out of it."""
        for at, _, names in os.walk(self.path):
            for name in names:
                path = pathlib.Path(at) / name
                if not path.is_relative_to(self.tray) and stat.S_ISREG(path.stat().st_mode):
                    yield path, path.read_bytes()
