"""A practice vault in a folder of its own, its cards as text and as images."""
import json
import os
import subprocess
import tempfile

import needles

ACCOUNT = "123456789012"
PEOPLE = ["p1", "p2", "p3", "m1", "m2", "m3"]
POLICY = {
    "vault": "example.com/practice", "organization": "Example", "practice": True,
    "people": [{"id": "operator-1", "name": "Operator One", "roles": ["operator"]},
               {"id": "operator-2", "name": "Operator Two", "roles": ["operator"]}] +
              [{"id": f"custodian-{p}", "name": f"Custodian {p.upper()}", "roles": ["custodian"]}
               for p in PEOPLE],
    "groups": {"password": {"threshold": 2, "custodians": [f"custodian-p{i}" for i in (1, 2, 3)]},
               "mfa": {"threshold": 2, "custodians": [f"custodian-m{i}" for i in (1, 2, 3)]}},
    "accounts": [{"id": ACCOUNT, "name": "Management", "email": "root@example.com"},
                 {"id": "210987654321", "name": "Second", "email": "second@example.com"}]}
ANSWERS = {
    "operator": "operator-1",
    "badges": {"operator-1": "Kz7-quartz+walnut-91xw"},
    "accounts": {ACCOUNT: {"password": "vT9#mQx2Lw8@Zr4B", "totp":
                           "JBSWY3DPEHPK3PXPKRSXG5BANF2CA5DP"},
                 "210987654321": {"password": None, "totp":
                                  "GEZTKNZZFQXHI2LNMUQG63LJNZUSA33G"}}}


class Folder:
    def __init__(self):
        self.path = tempfile.mkdtemp(prefix="quorate-process-")
        self.vault = os.path.join(self.path, "vault")
        self.sheets = os.path.join(self.path, "sheets")
        self.policy = self.write("policy.json", json.dumps(POLICY))

    def write(self, name, text):
        path = os.path.join(self.path, name)
        with open(path, "w") as out:
            out.write(text)
        return path

    def init_args(self):
        return ["init", "--policy", self.policy, "--sheets", self.sheets]

    def read_cards(self):
        """The cards of a founding: their shares, and files to present."""
        shares, texts, images = [], [], []
        for i in range(1, 7):
            pdf = os.path.join(self.sheets, f"card-{i:03}.pdf")
            words = needles.read_card(pdf)
            shares.append(needles.Share(words))
            texts.append(self.write(f"{i}.txt", " ".join(words) + "\n"))
            images.append(os.path.join(self.path, f"{i}.png"))
            subprocess.run(["pdftoppm", "-r", "150", "-gray", "-f", "1", "-l", "1", "-png",
                            "-singlefile", pdf, images[-1][:-4]], check=True)
        return shares, texts, images


def open_args(files, show="password,code"):
    return ["open", ACCOUNT, "--purpose", "close-account", "--show", show, *files]
