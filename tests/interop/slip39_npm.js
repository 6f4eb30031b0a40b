/* npm's slip39 combines shares of ours, and we combine its.
 * Usage: node slip39_npm.js MODULES-DIR TOOL */
"use strict";
const assert = require("assert");
const { spawnSync } = require("child_process");
const crypto = require("crypto");
const path = require("path");
const Slip39 = require(path.join(process.argv[2], "slip39"));
const tool = process.argv[3];

/* The tool with a passphrase on descriptor 3. */
function run(args, input, passphrase) {
  const child = spawnSync("sh", ["-c", 'exec "$0" "$@" 3<<E\n' + passphrase + "\nE\n", tool, ...args,
    "--passphrase-fd", "3"], { input });
  assert.strictEqual(child.status, 0, String(child.stderr));
  return String(child.stdout);
}

/* Of each group's mnemonics (groups are parted by a blank line), the first T. */
function quorum(output, groups, wanted) {
  const blocks = output.trim().split("\n\n").map((block) => block.split("\n"));
  assert.deepStrictEqual(blocks.map((block) => block.length), groups.map((group) => group[1]));
  return wanted.flatMap((g) => blocks[g].slice(-groups[g][0]));
}

const plans = [
  { groups: [[3, 5], [2, 4]], threshold: 2, wanted: [0, 1] },
  { groups: [[1, 1]], threshold: 1, wanted: [0] },
  { groups: [[2, 3], [1, 1], [5, 9]], threshold: 2, wanted: [1, 2] },
  { groups: [[16, 16], [2, 2]], threshold: 1, wanted: [0] },
];
let cases = 0;
for (const plan of plans) {
  for (const length of [16, 18, 32, 64]) {
    for (const extendable of [true, false]) {
      for (const exponent of [0, 1]) {
        const passphrase = length === 32 ? "" : "the pass phrase ~ 42";
        const secret = crypto.randomBytes(length);
        const args = ["split", "--group-threshold", String(plan.threshold),
          "--iteration-exponent", String(exponent),
          ...plan.groups.flatMap(([t, n]) => ["--group", `${t}/${n}`]),
          ...(extendable ? [] : ["--not-extendable"])];
        const ours = quorum(run(args, secret.toString("hex"), passphrase), plan.groups,
          plan.wanted);
        const found = Slip39.recoverSecret(ours, passphrase);
        assert.strictEqual(Buffer.from(found).toString("hex"), secret.toString("hex"));

        const theirs = Slip39.fromArray([...secret], {
          passphrase, threshold: plan.threshold, iterationExponent: exponent,
          extendableBackupFlag: extendable ? 1 : 0,
          groups: plan.groups.map(([t, n]) => [t, n, ""]),
        });
        const given = plan.wanted.flatMap((g) =>
          theirs.fromPath(`r/${g}`).mnemonics.slice(0, plan.groups[g][0]));
        assert.strictEqual(run(["combine"], given.join("\n"), passphrase).trim(),
          secret.toString("hex"));
        cases++;
      }
    }
  }
}
console.log(`${cases} secrets: npm's slip39 combined ours, and we combined its`);
