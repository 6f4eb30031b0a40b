"""A disk whose power can be cut: ext4 in a file on a loop device, in a mount
name space of its own, so that nothing is left mounted whatever happens."""
import ctypes
import fcntl
import os
import shutil
import struct
import subprocess

import lab

SHUTDOWN = 0x8004587D  # EXT4_IOC_SHUTDOWN
NO_LOG_FLUSH = 2
CLONE_NEWNS = 0x20000
IMAGE_BYTES = 12 << 20
OPTIONS = ["noatime", "noatime,data=writeback", "noatime,nodelalloc"]


def private_mounts():
    """What this process mounts is gone with it."""
    if os.geteuid() != 0:
        lab.skip("a power cut needs root, to mount a disk of its own")
    lab.need("mke2fs", "mount", "umount", "losetup")
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS) != 0:
        lab.skip(f"no mount name space: {os.strerror(ctypes.get_errno())}")
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)


class Disk:
    def __init__(self, image, place, options=OPTIONS[0]):
        self.image, self.place, self.options = image, place, options
        self.mounted = False

    def make(self):
        with open(self.image, "wb") as file:
            file.truncate(IMAGE_BYTES)
        subprocess.run(["mke2fs", "-q", "-F", "-t", "ext4", "-J", "size=4", self.image],
                       check=True, capture_output=True)

    def copy_of(self, other):
        """The image of a disk that is not mounted."""
        subprocess.run(["cp", "--sparse=always", other.image, self.image], check=True)

    def mount(self):
        self.place.mkdir(exist_ok=True)
        done = subprocess.run(["mount", "-o", f"loop,{self.options}", self.image, self.place],
                              capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise OSError(done.stderr.strip())
        self.mounted = True

    def cut(self):
        """The power goes: what was not synced, in files or in the journal, is gone."""
        fd = os.open(self.place, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.ioctl(fd, SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
        finally:
            os.close(fd)

    def unmount(self):
        if self.mounted:
            done = subprocess.run(["umount", self.place], capture_output=True, timeout=60)
            if done.returncode != 0:
                subprocess.run(["umount", "-l", self.place], check=True, timeout=60)
            self.mounted = False

    def remove(self):
        self.unmount()
        if self.image.exists():
            self.image.unlink()
        shutil.rmtree(self.place, ignore_errors=True)


def try_one(root):
    """Skips the test where no disk can be mounted, or none can be cut."""
    disk = Disk(root / "trial.img", root / "trial")
    disk.make()
    try:
        disk.mount()
        disk.cut()
    except OSError as why:
        disk.remove()
        lab.skip(f"no disk can be mounted and cut here: {why}")
    disk.remove()
